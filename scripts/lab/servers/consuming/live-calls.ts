import { randomBytes } from 'node:crypto';
import type { Call } from '../plain/switchboard.ts';

/** How long it takes until both parties picked up, in milliseconds. */
const ringing = 40;

interface LiveCall {
  readonly call: Call;
  readonly onCallFrom: number;
  isUsedUp: boolean;
}

/** Calls that are placed, used up by their transfer, and ended. */
export class LiveCalls {
  readonly #calls = new Map<string, LiveCall>();
  #placed = 0;

  constructor(calls: readonly Call[]) {
    for (const call of calls) this.#calls.set(call.id, { call, onCallFrom: 0, isUsedUp: false });
  }

  /** How many calls were placed so far. */
  get placed(): number {
    return this.#placed;
  }

  /** The ids of the calls that nobody hung up. */
  get ids(): readonly string[] {
    return [...this.#calls.keys()];
  }

  /** The calls of an extension, or of all. */
  of(extension: string): readonly Call[] {
    return [...this.#calls.values()]
      .map(({ call }) => call)
      .filter((call) => extension === '@self' || call.extension === extension);
  }

  /** Places a call, which rings for a while. */
  place(extension: string, source: readonly string[], destination: readonly string[]): Call {
    const id = randomBytes(10).toString('hex');
    const now = new Date().toISOString();
    const callerId = `Caller <${source[0]}>`;
    const call: Call = { id, extension, legId: '01', callerId, published: now, answered: now, source, destination };
    this.#calls.set(id, { call, onCallFrom: Date.now() + ringing, isUsedUp: false });
    this.#placed++;
    return call;
  }

  /** Whether both parties picked up. */
  isOnCall({ id }: Call): boolean {
    return (this.#calls.get(id)?.onCallFrom ?? Infinity) <= Date.now();
  }

  /** Whether a call may be transferred: it rings no more, and was not transferred before. */
  isTransferable(call: Call): boolean {
    return this.isOnCall(call) && this.#calls.get(call.id)?.isUsedUp === false;
  }

  /** Remembers that a call was transferred: it is read as before, but not transferred again. */
  useUp({ id }: Call): void {
    const live = this.#calls.get(id);
    if (live !== undefined) live.isUsedUp = true;
  }

  /** Hangs a call up. */
  end({ id }: Call): void {
    this.#calls.delete(id);
  }
}
