import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { PoolRunnerInitializer, PoolWorker } from 'vitest/node';
import type { ConformanceInput } from '../../conformance/suite-input.ts';
import type { SuiteAnswer, Preparation, SuiteRequest } from './suite-worker.ts';

/**
 * The thread that the suite runs in. It is started first of all, since its modules take as long to load as vitest, and
 * is handed to vitest when the run is under way.
 */
export class SuiteThread {
  readonly #worker = new Worker(new URL('./suite-worker.ts', import.meta.url));
  readonly #lost: Promise<never>;

  constructor() {
    this.#lost = lossOf(this.#worker);
    // Who waits for an answer is told.
    this.#lost.catch(() => undefined);
  }

  /**
   * Prepares a run; nothing is sent.
   *
   * @throws Error with one line, if it cannot be run as it was asked for.
   */
  async prepare(input: ConformanceInput): Promise<Preparation> {
    return (await this.#ask({ kind: 'prepare', input })) as Preparation;
  }

  /**
   * Begins the run that was prepared.
   *
   * @param interruption - The channel on which it is told that it is to end early.
   */
  begin(interruption: string): void {
    this.#send({ kind: 'begin', interruption });
  }

  /** What vitest takes for a pool of threads: it has this one. */
  get pool(): PoolRunnerInitializer {
    return { name: 'suite', createPoolWorker: () => this.#poolWorker() };
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(request: SuiteRequest): void {
    this.#worker.postMessage(request);
  }

  async #ask(request: SuiteRequest): Promise<unknown> {
    const answered = once(this.#worker, 'message');
    this.#send(request);
    const [{ failure, value }] = (await Promise.race([answered, this.#lost])) as [SuiteAnswer];
    if (failure !== undefined) throw failure;
    return value;
  }

  #poolWorker(): PoolWorker {
    const worker = this.#worker;
    return {
      name: 'suite',
      on: (event, callback) => void worker.on(event, callback),
      off: (event, callback) => void worker.off(event, callback),
      send: (message) => worker.postMessage(message),
      deserialize: (message) => message,
      start: async () => void (await this.#ask({ kind: 'serve vitest' })),
      stop: () => this.close(),
    };
  }
}

/** Rejects when a thread ends, with what ended it. */
async function lossOf(worker: Worker): Promise<never> {
  const [exitCode] = (await once(worker, 'exit')) as [number];
  throw new Error(`The thread of the suite ended with ${exitCode}.`);
}
