/** A way to read what is written at some place of a text. */
export interface Spelling {
  readonly code: number;
  /** Where it ends. */
  readonly end: number;
}

/** How many times over something is escaped at most: more is no spelling, and would take long to read. */
const mostEscapes = 16;

const codeOf = (character: string) => character.charCodeAt(0);
const backslash = codeOf('\\');
const percent = codeOf('%');
const ampersand = codeOf('&');
const equalsSign = codeOf('=');
/** The last character of ASCII. */
const lastAscii = 0x7f;

/** What may stand behind backslashes and be itself; the underscore is a slash in the alphabet of base64 for URLs. */
const escapable = new Set(['"', "'", '/', '_']);

/** The names of characters in HTML; that of the ampersand is read wherever it is repeated. */
const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>' };

const ampersandAgain = /amp;/iy;
const percentAgain = /25/y;
const percentEncoded = /[\da-f]{2}/iy;
const escapedCode = /u[\da-f]{4}|x[\da-f]{2}/iy;
const numberedEntity = new RegExp(`#(?:x0{0,${mostEscapes}}[\\da-f]{1,4}|0{0,${mostEscapes}}\\d{1,5});`, 'iy');
const namedEntity = /(?:quot|apos|lt|gt);/iy;
const lineBreak = /\r?\n/y;
const writtenBreak = /\\[rnt]|%0[ad]/iy;

/** A text whose characters may be escaped, once or several times: percent-encoded, as in JSON, JavaScript or HTML. */
export class EscapedText {
  readonly text: string;
  /** Where the run of backslashes ends that each is in: looked for anew at each, it would take quadratic time. */
  readonly #runEnds: Uint32Array | undefined;

  constructor(text: string) {
    this.text = text;
    this.#runEnds = text.includes('\\') ? runEndsOf(text) : undefined;
  }

  /** All ways to read what is written at a place: few, however long the text. */
  spellingsAt(at: number): Spelling[] {
    const code = this.text.charCodeAt(at);
    if (code === backslash) return this.#escaped(at);
    if (code === percent) return this.#percentEncoded(at);
    return code === ampersand ? this.#entity(at) : [{ code, end: at + 1 }];
  }

  /** Where that ends which was put between two characters to wrap the text, or the place itself. */
  wrappingEnd(at: number): number {
    const code = this.text.charCodeAt(at);
    if (code === backslash || code === percent) return this.#match(writtenBreak, at) ?? at;
    if (code === equalsSign) return this.#match(lineBreak, at + 1) ?? at;
    return isSpace(code) ? at + 1 : at;
  }

  /** A run of backslashes may be as many, or one, or one before the escape of something else. */
  #escaped(at: number): Spelling[] {
    const end = this.#runEnds?.[at] ?? at + 1;
    const spellings: Spelling[] = [{ code: backslash, end: at + 1 }];
    if (end > at + 2) spellings.push({ code: backslash, end: end - 1 });
    if (end > at + 1) spellings.push({ code: backslash, end });
    const next = this.text.charAt(end);
    if (escapable.has(next)) spellings.push({ code: codeOf(next), end: end + 1 });
    const codeEnd = this.#match(escapedCode, end);
    if (codeEnd !== undefined) spellings.push({ code: this.#number(end + 1, codeEnd, 16), end: codeEnd });
    return spellings;
  }

  #percentEncoded(at: number): Spelling[] {
    const { spellings, last } = this.#repeated(percent, at, percentAgain);
    const end = this.#match(percentEncoded, last);
    if (end !== undefined) spellings.push({ code: this.#number(last, end, 16), end });
    return spellings;
  }

  #entity(at: number): Spelling[] {
    const { spellings, last } = this.#repeated(ampersand, at, ampersandAgain);
    const [numbered, named] = [this.#match(numberedEntity, last), this.#match(namedEntity, last)];
    if (numbered !== undefined) {
      const isHexadecimal = /x/i.test(this.text.charAt(last + 1));
      const code = this.#number(last + (isHexadecimal ? 2 : 1), numbered - 1, isHexadecimal ? 16 : 10);
      spellings.push({ code, end: numbered });
    }
    if (named !== undefined) {
      const name = this.text.slice(last, named - 1).toLowerCase();
      spellings.push({ code: codeOf(entities[name] ?? ''), end: named });
    }
    return spellings;
  }

  /** A character, alone and with what repeats it each time that it is escaped. */
  #repeated(code: number, at: number, again: RegExp): { spellings: Spelling[]; last: number } {
    const spellings = [{ code, end: at + 1 }];
    let last = at + 1;
    for (let times = 0; times < mostEscapes; times++) {
      const end = this.#match(again, last);
      if (end === undefined) break;
      last = end;
      spellings.push({ code, end });
    }
    return { spellings, last };
  }

  /** Where a sticky pattern ends, if it is there. */
  #match(pattern: RegExp, at: number): number | undefined {
    pattern.lastIndex = at;
    return pattern.test(this.text) ? pattern.lastIndex : undefined;
  }

  #number(start: number, end: number, radix: number): number {
    return Number.parseInt(this.text.slice(start, end), radix);
  }
}

/** What a character may be beside itself. */
export const nothingElse = 0;
export const wrappingOnly = 1;
export const anEscape = 2;

/** What each character of ASCII may be beside itself. */
export const kinds = Uint8Array.from({ length: lastAscii + 1 }, (_, code) => {
  if (code === backslash || code === percent || code === ampersand) return anEscape;
  return code === equalsSign || isSpace(code) ? wrappingOnly : nothingElse;
});

function isSpace(code: number): boolean {
  if (code <= lastAscii) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return /\s/.test(String.fromCharCode(code));
}

function runEndsOf(text: string): Uint32Array {
  const ends = new Uint32Array(text.length);
  let end = text.length;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text.charCodeAt(at) === backslash) ends[at] = end;
    else end = at;
  }
  return ends;
}
