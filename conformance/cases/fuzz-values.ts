import fc, { type Arbitrary } from 'fast-check';
import type { JsonValue } from '../contract/json.ts';
import { isAscii } from '../target/lenient-parse.ts';

/**
 * Makes a value from the valid ones of a constraint. It is a function, so that it can be applied to the call of the run,
 * which is not known when the seed decides.
 */
export type Variation<Value extends JsonValue = JsonValue> = (valid: readonly string[]) => Value;

/** Text that surrounds numbers and ids in the wild, or means something to a program behind the server. */
const phrases = [';ext=1', ';phone-context=example.org', 'ext.', 'tel:', 'sip:', '@example.org', '@self', '@me'].concat(
  ['::', '()', '<>', '[]', '{}', '.0', '0x', 'null', '\r\n'],
);

const punctuation = [...'-._~:;,()[]{}<>@!$&\'"`=^|\\/#?%+*'];
const asciiLettersAndDigits = [...'xXaAzZ0123456789'];
const blanks = [...' \t\n\r\v\f\u0085\u00a0\u1680\u2003\u2007\u2028\u2029\u202f\u3000\ufeff\u200b\u200d\u2060\u00ad'];
const controls = Array.from({ length: 32 }, (_, code) => String.fromCodePoint(code)).concat('\u007f', '\u0080');
const marks = [...'\u0301\u0338\u20e3\ufe0f'];

/** The decimal digits of all scripts except ASCII's, each with its value. */
const valuesOfDigits: ReadonlyMap<string, string> = new Map(decimalDigits());

const digitsByValue = Map.groupBy(valuesOfDigits.keys(), (digit) => valuesOfDigits.get(digit) ?? '');

function decimalDigits(): [digit: string, value: string][] {
  // Every run waits for this: a text made of many codes at once takes half the time.
  const blocks = Array.from({ length: 8 }, (_, block) =>
    String.fromCodePoint(...Array.from({ length: 0x4000 }, (__, index) => 0x80 + block * 0x4000 + index)),
  );
  const text = blocks.join('');
  // Unicode encodes the digits of a script in ascending order, without a gap, starting with zero.
  return [...text.matchAll(/\p{Nd}+/gu)].flatMap(([scripts]) =>
    [...scripts].map((digit, index): [string, string] => [digit, String(index % 10)]),
  );
}

/** Chooses among arbitraries by weight. */
function weighted<Value>(...choices: readonly [weight: number, arbitrary: Arbitrary<Value>][]): Arbitrary<Value> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

const fromCode = (min: number, max: number) => fc.integer({ min, max }).map((code) => String.fromCodePoint(code));

/** A character: mostly one that servers trim, fold or stumble over. */
const character: Arbitrary<string> = weighted(
  [4, fc.constantFrom(...punctuation)],
  [3, fc.constantFrom(...asciiLettersAndDigits)],
  [3, fc.constantFrom(...blanks)],
  [2, fc.constantFrom(...valuesOfDigits.keys())],
  [1, fc.constantFrom(...controls)],
  [1, fc.constantFrom(...marks)],
  [1, fromCode(0x80, 0xd7ff)],
  [1, fromCode(0xe000, 0x10ffff)],
);

/** Makes texts of characters; fast-check's own strings take seconds to prepare. */
export function textsFrom(unit: Arbitrary<string>, minLength: number, maxLength: number): Arbitrary<string> {
  return fc.array(unit, { minLength, maxLength, size: 'max' }).map((characters) => characters.join(''));
}

/** A phrase, or its beginning, which it shrinks to. */
const phrase = fc
  .tuple(fc.constantFrom(...phrases), fc.integer({ min: 1, max: 32 }))
  .map(([text, length]) => text.slice(0, length));

/** A few characters or a phrase, for putting into a text. */
const insertion = weighted([3, character], [1, textsFrom(character, 1, 4)], [2, phrase]);

/** Returns the spellings of an ASCII digit in other scripts, always in the same order; none for other characters. */
function otherDigits(original: string): readonly string[] {
  return digitsByValue.get(original) ?? [];
}

/** Returns a character in another case or width, or with an accent. */
function lookalikes(original: string): readonly string[] {
  const code = original.codePointAt(0) ?? 0;
  const isPrintable = code > 0x20 && code < 0x7f;
  return [
    ...[original.toUpperCase(), original.toLowerCase()].filter((other) => other !== original),
    ...(isPrintable ? [String.fromCodePoint(code + 0xfee0)] : []),
    `${original}\u0301`,
  ];
}

/** Returns the digits and asterisks of a text, in ASCII: what the most lenient server could dial. */
export function dialled(text: string): string {
  if (isAscii(text)) return text.replaceAll(/[^0-9*]+/g, '');
  return [...text.normalize('NFKC')]
    .map((written) => valuesOfDigits.get(written) ?? written)
    .filter((written) => /^[0-9*]$/.test(written))
    .join('');
}

type TextChange = (text: string) => string;

/** The place of a change: often the end of the text, where checks are forgotten most. */
const place = weighted([2, fc.constant(Number.MAX_SAFE_INTEGER)], [1, fc.constant(0)], [2, fc.nat({ max: 24 })]);

const length = fc.integer({ min: 1, max: 24 });

function splice(at: number, count: number, text: string): TextChange {
  return (original) => {
    const characters = [...original];
    characters.splice(Math.min(at, characters.length), count, text);
    return characters.join('');
  };
}

/** The choice among the first characters: each is respelled or left. */
const chosen = fc.array(fc.boolean(), { minLength: 1, maxLength: 24, size: 'max' });

function respell(
  kind: number,
  which: readonly boolean[],
  spellings: (original: string) => readonly string[],
): TextChange {
  return (text) =>
    [...text]
      .map((original, index) => {
        const others = spellings(original);
        return which[index] ? (others[kind % others.length] ?? original) : original;
      })
      .join('');
}

/** A script: often one of the most used ones. Without bias, neighbours are equally likely. */
const script = fc.noBias(fc.oneof({ weight: 2, arbitrary: fc.nat({ max: 13 }) }, fc.nat({ max: 99 })));

/** One change of a text. A failing value is made smaller by making no change instead. */
const change: Arbitrary<TextChange> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constant<TextChange>((original) => original) },
  { weight: 10, arbitrary: fc.tuple(place, insertion).map(([at, text]) => splice(at, 0, text)) },
  { weight: 1, arbitrary: fc.tuple(fc.nat({ max: 24 }), length, insertion).map((parts) => splice(...parts)) },
  { weight: 1, arbitrary: fc.tuple(fc.nat({ max: 24 }), length).map(([at, count]) => splice(at, count, '')) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(place, character, fc.integer({ min: 1, max: 1000 }))
      .map(([at, repeated, times]) => splice(at, 0, repeated.repeat(times))),
  },
  {
    weight: 1,
    arbitrary: insertion.map(
      (between): TextChange =>
        (text) =>
          `${text}${between}${text}`,
    ),
  },
  { weight: 4, arbitrary: fc.tuple(script, chosen).map(([kind, which]) => respell(kind, which, otherDigits)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat({ max: 9 }), chosen).map(([kind, which]) => respell(kind, which, lookalikes)),
  },
);

const changes = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(change) },
  { weight: 1, arbitrary: fc.tuple(change, change) },
);

/** Turns generated values into variations that do not depend on the valid values. */
function fixed<Value extends JsonValue>(values: Arbitrary<Value>): Arbitrary<Variation<Value>> {
  return values.map((value) => () => value);
}

/** Texts: a valid one with a change or two, or a free one. */
export const textVariations: Arbitrary<Variation<string>> = weighted(
  [
    7,
    fc.tuple(fc.nat({ max: 7 }), changes).map(([which, made]): Variation<string> => {
      return (valid) => made.reduce((text, apply) => apply(text), valid[which % valid.length] ?? '');
    }),
  ],
  [1, fixed(textsFrom(character, 0, 48))],
);

const leaf: Arbitrary<Variation> = weighted<Variation>(
  [3, fixed(fc.constantFrom<JsonValue>(null, false, true))],
  [2, fc.constant<Variation>(([first = '']) => first)],
  [1, fc.constant<Variation>(([first = '']) => (/^\d+$/.test(first) ? Number(first) : null))],
  [1, fixed(fc.integer())],
  [1, fixed(fc.double({ noNaN: true, noDefaultInfinity: true }))],
  [1, fixed(character)],
);

/** Any JSON value, with valid or invalid texts somewhere in it. */
const jsonVariations: Arbitrary<Variation> = fc.letrec<{ value: Variation; list: Variation; object: Variation }>(
  (tie) => ({
    value: fc.oneof({ maxDepth: 3, depthSize: 'small' }, leaf, tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 3 }).map(
      (values): Variation =>
        (valid) =>
          values.map((value) => value(valid)),
    ),
    object: fc
      .array(fc.tuple(fc.constantFrom('value', 'number', 'id', '', '$ref', 'length'), tie('value')), { maxLength: 3 })
      .map((members): Variation => {
        return (valid) => Object.fromEntries(members.map(([name, value]) => [name, value(valid)]));
      }),
  }),
).value;

/** Values of a member of a JSON body: mostly texts. */
export const memberVariations: Arbitrary<Variation> = weighted<Variation>([5, textVariations], [1, jsonVariations]);
