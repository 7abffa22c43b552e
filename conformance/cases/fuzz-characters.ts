import fc, { type Arbitrary } from 'fast-check';

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

function* decimalDigits(): Generator<[digit: string, value: string]> {
  let position = 0;
  for (let code = 0x80; code < 0x20000; code++) {
    const digit = String.fromCodePoint(code);
    // Unicode encodes the digits of a script in ascending order, without a gap, and starts at zero.
    if (!/\p{Nd}/u.test(digit)) position = 0;
    else yield [digit, String(position++ % 10)];
  }
}

/** A character: rather one that servers trim, fold or stumble over than any of Unicode. */
export const character: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...punctuation) },
  { weight: 3, arbitrary: fc.constantFrom(...asciiLettersAndDigits) },
  { weight: 3, arbitrary: fc.constantFrom(...blanks) },
  { weight: 2, arbitrary: fc.constantFrom(...valuesOfDigits.keys()) },
  { weight: 1, arbitrary: fc.constantFrom(...controls) },
  { weight: 1, arbitrary: fc.constantFrom(...marks) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
);

/** A phrase, or its beginning, which is what it shrinks to. */
const phrase = fc
  .tuple(fc.constantFrom(...phrases), fc.integer({ min: 1, max: 32 }))
  .map(([text, length]) => text.slice(0, length));

/** What is put into a text: a few characters, or a phrase. */
export const insertion: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: character },
  { weight: 1, arbitrary: fc.string({ unit: character, minLength: 2, maxLength: 4 }) },
  { weight: 2, arbitrary: phrase },
);

/** A text of its own. */
export const freeText: Arbitrary<string> = fc.string({ unit: character, maxLength: 48, size: 'medium' });

/** A character that a reader may take for another one: a digit of another script, another case, another width. */
export function lookalikesOf(original: string): readonly string[] {
  const code = original.codePointAt(0) ?? 0;
  const isPrintable = code > 0x20 && code < 0x7f;
  return [
    ...(digitsByValue.get(original) ?? []),
    ...[original.toUpperCase(), original.toLowerCase()].filter((other) => other !== original),
    ...(isPrintable ? [String.fromCodePoint(code + 0xfee0)] : []),
    `${original}\u0301`,
  ];
}

/** The digits and asterisks of a text, as ASCII writes them: what the most lenient server could dial. */
export function dialled(text: string): string {
  return [...text.normalize('NFKC')]
    .map((written) => valuesOfDigits.get(written) ?? written)
    .filter((written) => /^[0-9*]$/.test(written))
    .join('');
}
