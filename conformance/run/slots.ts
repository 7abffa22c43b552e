/** Lets a bounded number of tasks run at once, in the order in which they come. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Runs a task when there is a slot for it.
   *
   * @param isNext - Whether it gets the next one, before all that wait.
   */
  async use<Result>(task: () => Promise<Result>, isNext = false): Promise<Result> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((enter) => (isNext ? this.#waiting.unshift(enter) : this.#waiting.push(enter)));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
