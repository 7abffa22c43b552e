/**
 * How a task passes a gate: together with others; alone; or together with those that come after it, once all before it
 * have left.
 */
export type Passage = 'together' | 'alone' | 'after others';

/** Lets many in together, or one alone, in the order in which they come. */
export class Gate {
  #inside = 0;
  #alone = false;
  readonly #waiting: { passage: Passage; enter: () => void }[] = [];

  /** Runs a task when its turn comes. */
  async pass<Result>(passage: Passage, task: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ passage, enter });
      this.#admit();
    });
    try {
      return await task();
    } finally {
      this.#inside--;
      this.#alone = false;
      this.#admit();
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#alone || (next.passage !== 'together' && this.#inside > 0)) return;
      this.#waiting.shift();
      this.#inside++;
      this.#alone = next.passage === 'alone';
      next.enter();
    }
  }
}
