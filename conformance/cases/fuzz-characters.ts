import fc, { type Arbitrary } from 'fast-check';
import { isAscii } from '../target/lenient-parse.ts';

/** What stands around numbers and ids in the wild, or means something to a program behind the server. */
const phrases = [
  ';ext=1',
  ';phone-context=example.org',
  'ext.',
  'tel:',
  'sip:',
  '@example.org',
  '@self',
  '@me',
  '::',
  '()',
  '<>',
  '[]',
  '{}',
  '.0',
  '0x',
  'null',
  '\r\n',
];

const punctuation = [...'-._~:;,()[]{}<>@!$&\'"`=^|\\/#?%+*'];
const asciiLettersAndDigits = [...'xXaAzZ0123456789'];
const blanks = [...' \t\n\r\v\f\u0085\u00a0\u1680\u2003\u2007\u2028\u2029\u202f\u3000\ufeff\u200b\u200d\u2060\u00ad'];
const controls = Array.from({ length: 32 }, (_, code) => String.fromCodePoint(code)).concat('\u007f', '\u0080');
const marks = [...'\u0301\u0338\u20e3\ufe0f'];

/** The decimal digits of all scripts but ASCII's own, each with its value. */
const valuesOfDigits: ReadonlyMap<string, string> = new Map(decimalDigits());

const digitsByValue = Map.groupBy(valuesOfDigits.keys(), (digit) => valuesOfDigits.get(digit) ?? '');

function decimalDigits(): [digit: string, value: string][] {
  const codes = Array.from({ length: 0x20000 - 0x80 }, (_, index) => index + 0x80);
  const text = codes.map((code) => String.fromCodePoint(code)).join('');
  // Unicode encodes the digits of a script in ascending order, without a gap, and from zero on.
  return [...text.matchAll(/\p{Nd}+/gu)].flatMap(([scripts]) =>
    [...scripts].map((digit, index): [string, string] => [digit, String(index % 10)]),
  );
}

/** A character: rather one that servers trim, fold or stumble over than any of Unicode. */
export const character: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...punctuation) },
  { weight: 3, arbitrary: fc.constantFrom(...asciiLettersAndDigits) },
  { weight: 3, arbitrary: fc.constantFrom(...blanks) },
  { weight: 2, arbitrary: fc.constantFrom(...valuesOfDigits.keys()) },
  { weight: 1, arbitrary: fc.constantFrom(...controls) },
  { weight: 1, arbitrary: fc.constantFrom(...marks) },
  { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xd7ff }).map((code) => String.fromCodePoint(code)) },
  { weight: 1, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)) },
);

/** A text made of characters; fast-check's own strings take seconds to prepare. */
export function textOf(unit: Arbitrary<string>, minLength: number, maxLength: number): Arbitrary<string> {
  return fc.array(unit, { minLength, maxLength, size: 'max' }).map((characters) => characters.join(''));
}

/** A phrase, or its beginning, which is what it shrinks to. */
const phrase = fc
  .tuple(fc.constantFrom(...phrases), fc.integer({ min: 1, max: 32 }))
  .map(([text, length]) => text.slice(0, length));

/** What is put into a text: a few characters, or a phrase. */
export const insertion: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: character },
  { weight: 1, arbitrary: textOf(character, 1, 4) },
  { weight: 2, arbitrary: phrase },
);

/** A text of its own. */
export const freeText: Arbitrary<string> = textOf(character, 0, 48);

/** How a decimal digit is written in other scripts, these always in the same order; nothing for other characters. */
export function otherDigitsFor(original: string): readonly string[] {
  return digitsByValue.get(original) ?? [];
}

/** A character in another case or width, or with an accent. */
export function lookalikesOf(original: string): readonly string[] {
  const code = original.codePointAt(0) ?? 0;
  const isPrintable = code > 0x20 && code < 0x7f;
  return [
    ...[original.toUpperCase(), original.toLowerCase()].filter((other) => other !== original),
    ...(isPrintable ? [String.fromCodePoint(code + 0xfee0)] : []),
    `${original}\u0301`,
  ];
}

/** The digits and asterisks of a text, as ASCII writes them: what the most lenient server could dial. */
export function dialled(text: string): string {
  if (isAscii(text)) return text.replaceAll(/[^0-9*]+/g, '');
  return [...text.normalize('NFKC')]
    .map((written) => valuesOfDigits.get(written) ?? written)
    .filter((written) => /^[0-9*]$/.test(written))
    .join('');
}
