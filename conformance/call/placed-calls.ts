import { setTimeout as sleep } from 'node:timers/promises';
import {
  CallSourceFailure,
  formatThrown,
  Interruption,
  problemOfCall,
  type CallContext,
  type CallSource,
  type PlacedCall,
} from './call-source.ts';

/** Returns the details that a source gets, apart from those that depend on the moment. */
export type ContextOf = () => Promise<Omit<CallContext, 'otherExtension' | 'signal'>>;

export interface PlacingOptions {
  readonly source: CallSource;
  readonly contextOf: ContextOf;
  /** The parts of a transfer of the call that break the contract. */
  readonly brokenParts: (call: PlacedCall) => readonly string[];
  /** The time limit of placing or ending a call, in milliseconds. */
  readonly limit?: number;
  /** Ends what waits for a call; the source may finish what it has begun, for `grace`. */
  readonly cutShort?: AbortSignal | undefined;
  /** The time that a source may go on once its call is not waited for any more, in milliseconds. */
  readonly grace?: number;
}

/** Long enough for a telephone that rings for a while, in milliseconds. */
const defaultLimit = 60_000;

/** Long enough for an answer that is under way and has the id of a call in it, in milliseconds. */
const defaultGrace = 2000;

/** The time that the end of a run waits for a source that had to give up, in milliseconds. */
const lateLimit = 2000;

/** The time that a source has to end its calls once the run was interrupted, in milliseconds. */
const urgentLimit = 700;

/** The number of times in a row that a source may fail before it is not asked any more. */
const toleratedFailures = 3;

/** The calls that a source placed, each ended once, whatever happens to the case that it was placed for. */
export class PlacedCalls {
  readonly #options: PlacingOptions & Required<Pick<PlacingOptions, 'limit' | 'grace'>>;
  readonly #live = new Map<string, PlacedCall>();
  /** By the ids of calls. */
  readonly #endings = new Map<string, Promise<void>>();
  /** Resolves when nothing is waited for any more. */
  readonly #expired: Promise<void>;
  readonly #placings = new Set<Promise<unknown>>();
  readonly #remarks: string[] = [];
  #failures = 0;
  #isClosed = false;

  constructor(options: PlacingOptions) {
    const { cutShort } = options;
    this.#options = { limit: defaultLimit, grace: defaultGrace, ...options };
    this.#expired = new Promise((resolve) => {
      cutShort?.addEventListener('abort', () => {
        if (cutShort.reason instanceof Interruption) setTimeout(resolve, urgentLimit);
      });
    });
  }

  /**
   * Places a call.
   *
   * @throws CallSourceFailure if the source throws, takes too long, or returns something other than a call.
   */
  async place(otherExtension: boolean): Promise<PlacedCall> {
    this.#options.cutShort?.throwIfAborted();
    if (this.#isClosed) throw new CallSourceFailure('the run has ended');
    if (this.#failures >= toleratedFailures) {
      throw new CallSourceFailure(`the source of calls failed ${toleratedFailures} times in a row`);
    }
    try {
      const call = await this.#placed(otherExtension);
      this.#failures = 0;
      return call;
    } catch (error) {
      this.#failures++;
      throw new CallSourceFailure(`the source of calls failed: ${formatThrown(error)}`);
    }
  }

  /**
   * Ends calls.
   *
   * @param areGone - True if they ended already, as far as is known. It does not matter then if they cannot be ended.
   */
  async end(calls: readonly PlacedCall[], areGone = false): Promise<void> {
    await Promise.race([Promise.all(calls.map((call) => this.#end(call, areGone))), this.#expired]);
  }

  /** Ends all calls that are left, and tells which could not be ended. */
  async close(): Promise<readonly string[]> {
    this.#isClosed = true;
    await this.end([...this.#live.values()]);
    const late = sleep(this.#options.grace + lateLimit, undefined, { ref: false });
    await Promise.race([Promise.allSettled(this.#placings), late, this.#expired]);
    await Promise.race([Promise.all(this.#endings.values()), this.#expired]);
    const left = [...this.#endings.keys()].map((call) => `the call ${call} may be left: ending it took too long`);
    const unsettled = this.#placings.size;
    const remarks = [...this.#remarks, ...left];
    if (unsettled === 0) return remarks;
    return [...remarks, `the source was still placing calls when the run ended, which may be left: ${unsettled}`];
  }

  async #placed(otherExtension: boolean): Promise<PlacedCall> {
    const placing = async (signal: AbortSignal) => {
      return this.#options.source.place({ ...(await this.#options.contextOf()), otherExtension, signal });
    };
    const call = await this.#inTime(placing);
    const problem = this.#take(call);
    if (problem !== undefined) throw new Error(problem);
    const broken = this.#options.brokenParts(call);
    if (broken.length === 0 && !this.#isClosed) return call;
    await this.#end(call, false);
    if (broken.length === 0) throw new Error('it placed a call after the run had ended');
    throw new Error(`it placed a call that breaks the contract: ${broken.join(', ')}`);
  }

  /** A call that is placed within the limit; one that comes later is ended at once. */
  #inTime(place: (signal: AbortSignal) => Promise<PlacedCall>): Promise<PlacedCall> {
    const watched = (signal: AbortSignal, isGivenUp: () => boolean) => {
      const placing = place(signal)
        .then((call) => {
          if (isGivenUp() && this.#take(call) === undefined) void this.#end(call, false);
          return call;
        })
        .finally(() => this.#placings.delete(placing));
      this.#placings.add(placing);
      return placing;
    };
    return within(this.#options.limit, watched, this.#options);
  }

  /** Keeps a call in mind, so that it is ended; or tells what is wrong with it. */
  #take(call: PlacedCall): string | undefined {
    const problem = problemOfCall(call);
    if (problem !== undefined) return problem;
    if (this.#live.has(call.call)) return `it placed the call ${call.call} a second time, expected a fresh one`;
    this.#live.set(call.call, call);
    return undefined;
  }

  #end(call: PlacedCall, isGone: boolean): Promise<void> {
    if (!this.#live.delete(call.call)) return Promise.resolve();
    const ending = within(this.#options.limit, async (signal) =>
      this.#options.source.end(call, { ...(await this.#options.contextOf()), otherExtension: false, signal }),
    )
      .catch((error: unknown) => {
        if (!isGone) this.#remarks.push(`the call ${call.call} could not be ended: ${formatThrown(error)}`);
      })
      .finally(() => this.#endings.delete(call.call));
    this.#endings.set(call.call, ending);
    return ending;
  }
}

/** A task that a signal can end. It may ask before that whether its result is still waited for. */
type LimitedTask<Result> = (signal: AbortSignal, isGivenUp: () => boolean) => Promise<Result>;

/**
 * Returns the result of a task, unless it takes too long or is cut short: it may not heed the signal. A task that is cut
 * short gets the signal only after a grace, in which it may finish.
 */
async function within<Result>(
  limit: number,
  task: LimitedTask<Result>,
  { cutShort, grace = 0 }: Pick<PlacingOptions, 'cutShort' | 'grace'> = {},
): Promise<Result> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const controller = new AbortController();
  let givenUp = false;
  const giveUp = (error: unknown, patience: number) => {
    givenUp = true;
    reject(error);
    if (patience === 0) controller.abort();
    else setTimeout(() => controller.abort(), patience).unref();
  };
  const endEarly = () => {
    giveUp(cutShort?.reason, cutShort?.reason instanceof Interruption ? Math.min(grace, urgentLimit / 2) : grace);
  };
  const timer = setTimeout(() => giveUp(new Error(`it took longer than ${limit} ms`), 0), limit);
  cutShort?.addEventListener('abort', endEarly);
  try {
    return await Promise.race([task(controller.signal, () => givenUp), expired]);
  } finally {
    clearTimeout(timer);
    cutShort?.removeEventListener('abort', endEarly);
  }
}
