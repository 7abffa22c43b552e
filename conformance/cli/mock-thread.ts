import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { RunningServer } from '../mock/listener.ts';
import type { MockAnswer } from './mock-worker.ts';

/**
 * Starts the mock in a thread of its own, so that it answers at any time: the command's thread loads vitest while the
 * suite's sends requests.
 *
 * @param tokens - The tokens that it accepts.
 * @throws Error with one line, if it cannot be started.
 */
export async function startMockThread(tokens: readonly string[]): Promise<RunningServer> {
  const worker = new Worker(new URL('./mock-worker.ts', import.meta.url), { workerData: tokens });
  const [answer] = (await once(worker, 'message')) as [MockAnswer];
  if ('failure' in answer) throw answer.failure;
  let lost: Error | undefined;
  worker.once('error', (error: Error) => (lost = error));
  // A command that ends for another reason does not wait for it.
  worker.unref();
  return {
    url: answer.url,
    async close() {
      if (lost !== undefined) throw new Error(`The mock ended during the run: ${lost.message.split('\n')[0]}`);
      await worker.terminate();
    },
  };
}
