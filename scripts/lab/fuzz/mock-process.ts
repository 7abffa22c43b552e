import process from 'node:process';
import { readContract } from '../../../conformance/contract/contract.ts';
import { startMock } from '../../../conformance/mock/mock.ts';

// Tells where the mock listens, and how many bytes of its heap are in use whenever it is asked.
const mock = await startMock({ contract: readContract(), timeout: 2000 });
process.on('message', () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage().heapUsed);
});
process.once('disconnect', () => void mock.close());
process.send?.(mock.url);
