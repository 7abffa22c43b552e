import { randomInt } from 'node:crypto';

/** The length of a piece, in characters: fewer in a row are found in other texts by chance. */
export const pieceLength = 8;

/** A hash of pieces that slides over a text. Its multiplier is random. */
interface Slide {
  readonly multiplier: number;
  /** The multiplier to the power of the length of a piece, with which a character leaves. */
  readonly leaving: number;
}

const slides = [makeSlide(), makeSlide()] as const;

function makeSlide(): Slide {
  // So that it has all bits, and its powers have long cycles.
  const multiplier = randomInt(2 ** 29) * 8 + 3;
  let leaving = 1;
  for (let count = 0; count < pieceLength; count++) leaving = Math.imul(leaving, multiplier);
  return { multiplier, leaving };
}

/** Calls back with the two hashes of each piece of a text, and where it begins. */
export function hashPieces(text: string, use: (first: number, second: number, at: number) => void): void {
  const [one, other] = slides;
  let first = 0;
  let second = 0;
  for (let end = 0; end < text.length; end++) {
    const entering = text.charCodeAt(end);
    const left = end < pieceLength ? 0 : text.charCodeAt(end - pieceLength);
    first = (Math.imul(first, one.multiplier) + entering - Math.imul(left, one.leaving)) | 0;
    second = (Math.imul(second, other.multiplier) + entering - Math.imul(left, other.leaving)) | 0;
    if (end >= pieceLength - 1) use(first, second, end - pieceLength + 1);
  }
}

/**
 * Placeholders by pieces, which are known by their two hashes alone. That two pieces share both happens less often than
 * once in a billion runs, and conceals too much then.
 */
export class PieceTable {
  readonly #most: number;
  readonly #firsts: Int32Array;
  readonly #seconds: Int32Array;
  /** The number of a placeholder, or 0 where the place is free. */
  readonly #numbers: Uint8Array;
  readonly #placeholders: string[] = [''];
  size = 0;

  /** @param most - The most pieces that are kept: others are left out. */
  constructor(most: number) {
    this.#most = most;
    const places = 2 ** Math.ceil(Math.log2(most * 1.2));
    this.#firsts = new Int32Array(places);
    this.#seconds = new Int32Array(places);
    this.#numbers = new Uint8Array(places);
  }

  get isFull(): boolean {
    return this.size >= this.#most;
  }

  /** Adds all pieces of a text. */
  add(text: string, placeholder: string): void {
    if (!this.#placeholders.includes(placeholder)) this.#placeholders.push(placeholder);
    const number = this.#placeholders.indexOf(placeholder);
    hashPieces(text, (first, second) => {
      if (this.isFull) return;
      const place = this.#find(first, second);
      if (this.#numbers[place] === 0) this.size++;
      this.#firsts[place] = first;
      this.#seconds[place] = second;
      this.#numbers[place] = number;
    });
  }

  clear(): void {
    this.#numbers.fill(0);
    this.size = 0;
  }

  get(first: number, second: number): string | undefined {
    if (this.size === 0) return undefined;
    const number = this.#numbers[this.#find(first, second)] ?? 0;
    return number === 0 ? undefined : this.#placeholders[number];
  }

  /** Finds the place of a piece, or the free one where it would be. */
  #find(first: number, second: number): number {
    const mask = this.#numbers.length - 1;
    let place = (Math.imul(first ^ (second >>> 16), 0x9e_37_79_b1) >>> 7) & mask;
    while (this.#numbers[place] !== 0 && (this.#firsts[place] !== first || this.#seconds[place] !== second)) {
      place = (place + 1) & mask;
    }
    return place;
  }
}
