import { parentPort, workerData } from 'node:worker_threads';
import { readContract } from '../contract/contract.ts';
import { startMock } from '../mock/mock.ts';

/** Where the mock listens, or why it cannot be started. */
export type MockAnswer = { readonly url: string } | { readonly failure: Error };

const answer: MockAnswer = await startMock({ contract: readContract(), tokens: workerData as string[] }).then(
  ({ url }) => ({ url }),
  (failure: Error) => ({ failure }),
);
parentPort?.postMessage(answer);
