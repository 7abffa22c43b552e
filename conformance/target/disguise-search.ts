import { likenessOf, type Disguise } from './disguises.ts';
import { anEscape, kinds, nothingElse, type EscapedText } from './escaped-text.ts';

/** A disguise in a text. */
export interface Find {
  readonly start: number;
  readonly end: number;
  /** Whether it is all of it. */
  readonly isWhole: boolean;
}

/** How many ways to read the same characters are followed at the same time. */
const mostReadings = 4;

/** How much there may be between two characters behind the core where the text was wrapped, in characters or escapes. */
const mostWrapping = 64;

/**
 * A search for a disguise in a text. It takes time that is linear in the text's length, whatever both are, since servers
 * choose texts, and cookies. A regular expression would try the ways to read a text one after the other, which are
 * without number where the secret itself has characters that escape or wrap.
 */
export class DisguiseSearch {
  readonly #text: EscapedText;
  readonly #disguise: Disguise;
  /** For each place of the text the places in the core whose rest begins there, one bit each. */
  readonly #begun: Int32Array;
  /** The first place where the core is. */
  #first = Number.POSITIVE_INFINITY;

  constructor(text: EscapedText, disguise: Disguise) {
    this.#text = text;
    this.#disguise = disguise;
    this.#begun = this.#readBackwards();
  }

  /** All places where the disguise is, or at least its core. */
  finds(): Find[] {
    const finds: Find[] = [];
    for (let start = this.#first; start < this.#begun.length; start++) {
      if (!this.#begins(start, 0)) continue;
      const find = this.#readFrom(start);
      finds.push(find);
      start = find.end - 1;
    }
    return finds;
  }

  #readBackwards(): Int32Array {
    const { text } = this.#text;
    const { coreLength, places, isLoose } = this.#disguise;
    const begun = new Int32Array(text.length + 1);
    const last = 1 << (coreLength - 1);
    let next = 0;
    for (let at = text.length - 1; at >= 0; at--) {
      const code = text.charCodeAt(at);
      const kind = kinds[code] ?? anEscape;
      next = kind === anEscape ? this.#begunByEscape(at, begun) : ((next >>> 1) | last) & (places[code] ?? 0);
      if ((next & 1) === 1) this.#first = at;
      // What is before the first character wraps nothing.
      if (isLoose && kind !== nothingElse) next |= (begun[this.#text.wrappingEnd(at)] ?? 0) & ~1;
      begun[at] = next;
    }
    return begun;
  }

  #begunByEscape(at: number, begun: Int32Array): number {
    const { coreLength, placesOf } = this.#disguise;
    const last = 1 << (coreLength - 1);
    let here = 0;
    for (const { code, end } of this.#text.spellingsAt(at)) here |= (((begun[end] ?? 0) >>> 1) | last) & placesOf(code);
    return here;
  }

  #readFrom(start: number): Find {
    const { text, coreLength, wholeLength } = this.#disguise;
    let places: readonly number[] = [start];
    let end = start;
    let length = 0;
    for (; length < text.length; length++) {
      places = this.#placesAfter(places, length);
      if (places.length === 0) break;
      end = Math.max(end, ...places);
    }
    if (length < coreLength) throw new Error(`A core of ${coreLength} characters was found, and read up to ${length}.`);
    return { start, end, isWhole: length >= wholeLength };
  }

  /** Where a character of the disguise ends that begins at one of some places. */
  #placesAfter(places: readonly number[], index: number): readonly number[] {
    return fewOf([...new Set(places.flatMap((place) => this.#endsFrom(place, index)))]);
  }

  /** Where a character of the disguise ends that begins at a place, or behind what wraps the text there. */
  #endsFrom(place: number, index: number): readonly number[] {
    const { coreLength, isLoose } = this.#disguise;
    const ends = this.#endsOf(place, index);
    if (!isLoose || index === 0) return ends;
    const isInCore = index < coreLength;
    let at = this.#text.wrappingEnd(place);
    // The core is known to go on.
    for (let steps = 0, before = place; before !== at; before = at, at = this.#text.wrappingEnd(at)) {
      if (steps++ >= mostWrapping && (ends.length > 0 || !isInCore)) break;
      ends.push(...this.#endsOf(at, index));
    }
    return fewOf(ends);
  }

  #endsOf(at: number, index: number): number[] {
    const { text, coreLength, isLoose } = this.#disguise;
    const sought = likenessOf(text.charCodeAt(index), isLoose);
    const next = index + 1;
    return this.#text
      .spellingsAt(at)
      .filter(
        ({ code, end }) => likenessOf(code, isLoose) === sought && (next >= coreLength || this.#begins(end, next)),
      )
      .map(({ end }) => end);
  }

  #begins(at: number, index: number): boolean {
    return (((this.#begun[at] ?? 0) >>> index) & 1) === 1;
  }
}

/** The first and the last of some places: they go on differently, if at all. */
function fewOf(places: readonly number[]): readonly number[] {
  if (places.length <= mostReadings) return places;
  const sorted = places.toSorted((one, other) => one - other);
  return [...sorted.slice(0, mostReadings / 2), ...sorted.slice(-mostReadings / 2)];
}
