import { parentPort, workerData } from 'node:worker_threads';
import { readContract } from '../contract/contract.ts';
import { startMock } from '../mock/mock.ts';

/** The address that the mock listens on, or the reason why it cannot be started. */
export type MockAnswer = { readonly url: string } | { readonly failure: Error };

const answer: MockAnswer = await startMock({ contract: readContract(), tokens: workerData as string[] }).then(
  ({ url }) => ({ url }),
  (failure: Error) => ({ failure }),
);
parentPort?.postMessage(answer);
