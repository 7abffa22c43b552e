import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps requests apart in time, and holds all of them back for a while. */
export class Pace {
  readonly #interval: number;
  readonly #signal: AbortSignal | undefined;
  #next = 0;
  #heldUntil = 0;

  /**
   * @param rate - How many requests may begin in a second; as many as there are, if left out.
   * @param signal - Ends every wait, by its reason.
   */
  constructor(rate?: number, signal?: AbortSignal) {
    this.#interval = rate === undefined ? 0 : 1000 / rate;
    this.#signal = signal;
  }

  /** Whether the next request may begin at once, however many there are. */
  get isFree(): boolean {
    return this.#interval === 0 && performance.now() >= this.#heldUntil;
  }

  /** Waits until the next request may begin. */
  async turn(): Promise<void> {
    do {
      const now = performance.now();
      const begins = Math.max(now, this.#next, this.#heldUntil);
      this.#next = begins + this.#interval;
      await this.#sleep(begins - now);
      // Others may have been told to wait meanwhile.
    } while (performance.now() < this.#heldUntil);
  }

  /**
   * Lets nothing begin for a while.
   *
   * @returns How much longer everything waits now, in milliseconds.
   */
  hold(milliseconds: number): number {
    const before = Math.max(performance.now(), this.#heldUntil);
    this.#heldUntil = Math.max(before, performance.now() + milliseconds);
    return this.#heldUntil - before;
  }

  async #sleep(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    try {
      // A timer may be early by a part of a millisecond.
      await sleep(Math.ceil(milliseconds) + 1, undefined, { signal: this.#signal });
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw error;
    }
  }
}
