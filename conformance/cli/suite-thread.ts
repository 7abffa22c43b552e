import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { PoolRunnerInitializer, PoolWorker } from 'vitest/node';
import type { ConformanceInput } from '../suite-input.ts';
import type { Preparation, SuiteAnswer, SuiteRequest } from './suite-worker.ts';

/** How the line begins that tells why there is no verdict. */
export const couldNotBeRun = 'The suite could not be run';

/**
 * What the thread may take, in MiB. Far more than it needs, but the less it may take, the sooner garbage is collected:
 * the memory of a run then hardly grows with its requests.
 */
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 24 };

/**
 * The thread that the suite runs in. It is started first of all, since its modules take as long to load as the command
 * line, and is handed to vitest when the run is under way. Until a run is prepared, it keeps no process alive.
 */
export class SuiteThread {
  readonly #worker: Worker;
  readonly #channel = new MessageChannel();
  readonly #lost: Promise<never>;

  constructor() {
    const { port2 } = this.#channel;
    const options = { workerData: port2, transferList: [port2], resourceLimits };
    this.#worker = new Worker(new URL('./suite-worker.ts', import.meta.url), options);
    this.#worker.unref();
    // Vitest makes an error of the exit that follows on one, and nobody waits for a second.
    this.#worker.once('error', () => this.#worker.removeAllListeners('exit'));
    this.#lost = lossOf(this.#worker);
    // Whoever waits for an answer is told.
    this.#lost.catch(() => undefined);
  }

  /**
   * Prepares a run; nothing is sent.
   *
   * @throws Error with one line, if it cannot be run as it was asked for.
   */
  async prepare(input: ConformanceInput): Promise<Preparation> {
    this.#worker.ref();
    return (await this.#ask({ kind: 'prepare', input })) as Preparation;
  }

  /**
   * Begins the run that was prepared, and waits until it has a pause: it has sent all that must be refused, and watches
   * for a while whether that has effects.
   *
   * @param interruption - The channel on which it is told that it is to end early.
   */
  async begin(interruption: string): Promise<void> {
    await this.#ask({ kind: 'begin', interruption });
  }

  /** What vitest takes for a pool of threads: it has this one. */
  get pool(): PoolRunnerInitializer {
    return { name: 'suite', createPoolWorker: () => this.#poolWorker() };
  }

  async close(): Promise<void> {
    this.#channel.port1.close();
    await this.#worker.terminate();
  }

  async #ask(request: SuiteRequest): Promise<unknown> {
    const { port1 } = this.#channel;
    const answer = Promise.withResolvers<SuiteAnswer>();
    const listen = (received: SuiteAnswer) => {
      if (received.kind === request.kind) answer.resolve(received);
    };
    port1.on('message', listen);
    try {
      port1.postMessage(request);
      const { failure, value } = await Promise.race([answer.promise, this.#lost]);
      if (failure !== undefined) throw failure;
      return value;
    } finally {
      port1.off('message', listen);
    }
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

/** Rejects when a thread ends, with what ended it: a source of calls may have thrown behind everybody's back. */
async function lossOf(worker: Worker): Promise<never> {
  const reason = await once(worker, 'exit').then(
    ([exitCode]) => `its thread ended with ${exitCode}`,
    (error: unknown) => messageOf(error),
  );
  throw new Error(`${couldNotBeRun}: ${reason}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
