import process from 'node:process';
import { readContract } from '../../../conformance/contract/contract.ts';
import { startMock } from '../../../conformance/mock/mock.ts';

/** What the process tells: where the mock listens, then how much memory it uses, whenever it is asked. */
export type Told = { readonly url: string } | { readonly heapUsed: number };

const tell = (told: Told): unknown => process.send?.(told);
const mock = await startMock({ contract: readContract(), timeout: Number(process.argv[2]) });
process.on('message', () => {
  globalThis.gc?.();
  tell({ heapUsed: process.memoryUsage().heapUsed });
});
process.once('disconnect', () => void mock.close());
tell({ url: mock.url });
