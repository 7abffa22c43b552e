/** How much is kept. */
export interface Bounds {
  /** How many values, so that nobody can fill the memory. */
  readonly most: number;
  /** The longest text whose value is kept, in characters. */
  readonly longest?: number;
}

/** Values that were made of texts, kept since the same texts come again and again. */
export class MadeOfTexts<Value extends NonNullable<unknown>> {
  readonly #bounds: Bounds;
  readonly #values = new Map<string, Value>();

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** The value that was made of a text before, or is made of it now. */
  of(text: string, make: (text: string) => Value): Value {
    const kept = this.#values.get(text);
    if (kept !== undefined) return kept;
    const value = make(text);
    const { most, longest = Number.POSITIVE_INFINITY } = this.#bounds;
    if (text.length > longest) return value;
    if (this.#values.size >= most) this.#values.clear();
    this.#values.set(text, value);
    return value;
  }

  forget(): void {
    this.#values.clear();
  }
}
