import { setTimeout as sleep } from 'node:timers/promises';
import {
  CallSourceFailure,
  problemOfCall,
  type CallContext,
  type CallSource,
  type PlacedCall,
} from '../target/call-source.ts';

/** What a source is told, beside what depends on the moment. */
export type ContextOf = () => Promise<Omit<CallContext, 'otherExtension' | 'signal'>>;

/** What is needed to place calls. */
export interface PlacingOptions {
  readonly source: CallSource;
  readonly contextOf: ContextOf;
  /** The parts of a transfer of the call that break the contract. */
  readonly brokenParts: (call: PlacedCall) => readonly string[];
  /** How long a source may take to place or end a call, in milliseconds. */
  readonly limit?: number;
  /** Ends what waits for a call. */
  readonly cutShort?: AbortSignal | undefined;
}

/** Long enough for a telephone that rings for a while, in milliseconds. */
const defaultLimit = 60_000;

/** How long the end of a run waits for calls that come too late, in milliseconds. */
const lateLimit = 2000;

/** How many times in a row a source may fail before it is not asked any more. */
const toleratedFailures = 3;

/** The calls that a source placed, each ended once, whatever happens to the case that it was placed for. */
export class PlacedCalls {
  readonly #source: CallSource;
  readonly #contextOf: ContextOf;
  readonly #brokenParts: PlacingOptions['brokenParts'];
  readonly #limit: number;
  readonly #cutShort: AbortSignal | undefined;
  readonly #live = new Map<string, PlacedCall>();
  readonly #endings = new Set<Promise<void>>();
  readonly #placings = new Set<Promise<unknown>>();
  readonly #remarks: string[] = [];
  #failures = 0;
  #isClosed = false;

  constructor({ source, contextOf, brokenParts, limit = defaultLimit, cutShort }: PlacingOptions) {
    this.#source = source;
    this.#contextOf = contextOf;
    this.#brokenParts = brokenParts;
    this.#limit = limit;
    this.#cutShort = cutShort;
  }

  /**
   * Places a call.
   *
   * @throws CallSourceFailure if the source throws, takes too long, or returns what is no call.
   */
  async place(otherExtension: boolean): Promise<PlacedCall> {
    this.#cutShort?.throwIfAborted();
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
      throw new CallSourceFailure(`the source of calls failed: ${messageOf(error)}`);
    }
  }

  /**
   * Ends calls.
   *
   * @param areGone - Whether they ended already, as far as is known, so that it is no matter if they cannot be ended.
   */
  async end(calls: readonly PlacedCall[], areGone = false): Promise<void> {
    await Promise.all(calls.map((call) => this.#end(call, areGone)));
  }

  /** Ends all calls that are left, and tells which could not be ended. */
  async close(): Promise<readonly string[]> {
    this.#isClosed = true;
    await this.end([...this.#live.values()]);
    await Promise.race([Promise.allSettled(this.#placings), sleep(lateLimit, undefined, { ref: false })]);
    await Promise.all(this.#endings);
    return this.#remarks;
  }

  async #placed(otherExtension: boolean): Promise<PlacedCall> {
    const placing = async (signal: AbortSignal) => {
      return this.#source.place({ ...(await this.#contextOf()), otherExtension, signal });
    };
    const call = await this.#inTime(placing);
    const problem = this.#take(call);
    if (problem !== undefined) throw new Error(problem);
    const broken = this.#brokenParts(call);
    if (broken.length === 0 && !this.#isClosed) return call;
    await this.#end(call, false);
    if (broken.length === 0) throw new Error('it placed a call after the run had ended');
    throw new Error(`it placed a call that breaks the contract: ${broken.join(', ')}`);
  }

  /** A call that is placed within the limit; one that comes later is ended at once. */
  #inTime(place: (signal: AbortSignal) => Promise<PlacedCall>): Promise<PlacedCall> {
    const watched = (signal: AbortSignal) => {
      const placing = place(signal)
        .then((call) => {
          if (signal.aborted && this.#take(call) === undefined) void this.#end(call, false);
          return call;
        })
        .finally(() => this.#placings.delete(placing));
      this.#placings.add(placing);
      return placing;
    };
    return within(this.#limit, watched, this.#cutShort);
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
    const ending = within(this.#limit, async (signal) =>
      this.#source.end(call, { ...(await this.#contextOf()), otherExtension: false, signal }),
    )
      .catch((error: unknown) => {
        if (!isGone) this.#remarks.push(`the call ${call.call} could not be ended: ${messageOf(error)}`);
      })
      .finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
    return ending;
  }
}

/** What a task returns, unless it takes too long or is cut short: it may not heed the signal. */
async function within<Result>(
  limit: number,
  task: (signal: AbortSignal) => Promise<Result>,
  cutShort?: AbortSignal,
): Promise<Result> {
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const controller = new AbortController();
  const giveUp = (error: unknown) => {
    reject(error);
    controller.abort();
  };
  const endEarly = () => giveUp(cutShort?.reason);
  const timer = setTimeout(() => giveUp(new Error(`it took longer than ${limit} ms`)), limit);
  cutShort?.addEventListener('abort', endEarly);
  try {
    return await Promise.race([task(controller.signal), expired]);
  } finally {
    clearTimeout(timer);
    cutShort?.removeEventListener('abort', endEarly);
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
