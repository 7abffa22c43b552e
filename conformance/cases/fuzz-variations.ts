import fc, { type Arbitrary } from 'fast-check';
import type { JsonObject, JsonValue } from '../contract/json.ts';
import { character, freeText, insertion, lookalikesOf, otherDigitsFor } from './fuzz-characters.ts';

/**
 * Makes a value from the valid ones of a constraint. It is a function, so that it can be applied to the call that a run
 * plays with, which is not known when the seed decides.
 */
export type Variation<Value extends JsonValue = JsonValue> = (valid: readonly string[]) => Value;

type TextChange = (text: string) => string;

const end = Number.MAX_SAFE_INTEGER;

/** Where a text is changed: often at its end, where checks are forgotten most. */
const place = fc.oneof(
  { weight: 2, arbitrary: fc.constant(end) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat({ max: 24 }) },
);

const inserted: Arbitrary<TextChange> = fc.tuple(place, insertion).map(
  ([at, text]) =>
    (original) =>
      spliced(original, at, 0, text),
);

const replaced: Arbitrary<TextChange> = fc.tuple(fc.nat({ max: 24 }), fc.integer({ min: 1, max: 24 }), insertion).map(
  ([at, length, text]) =>
    (original) =>
      spliced(original, at, length, text),
);

const removed: Arbitrary<TextChange> = fc.tuple(fc.nat({ max: 24 }), fc.integer({ min: 1, max: 24 })).map(
  ([at, length]) =>
    (original) =>
      spliced(original, at, length, ''),
);

const lengthened: Arbitrary<TextChange> = fc.tuple(place, character, fc.integer({ min: 1, max: 1000 })).map(
  ([at, repeated, times]) =>
    (original) =>
      spliced(original, at, 0, repeated.repeat(times)),
);

const doubled: Arbitrary<TextChange> = insertion.map((between) => (original) => `${original}${between}${original}`);

/** Which of the first characters are written otherwise. */
const chosen = fc.array(fc.boolean(), { minLength: 1, maxLength: 24, size: 'max' });

/** Some digits in another script, rather one of those that are written most; all are as likely as their neighbours. */
const otherScript: Arbitrary<TextChange> = fc
  .tuple(fc.noBias(fc.oneof({ weight: 2, arbitrary: fc.nat({ max: 13 }) }, fc.nat({ max: 99 }))), chosen)
  .map(
    ([script, which]) =>
      (original) =>
        respelled(original, which, script, otherDigitsFor),
  );

const otherSpelling: Arbitrary<TextChange> = fc.tuple(fc.nat({ max: 9 }), chosen).map(
  ([kind, which]) =>
    (original) =>
      respelled(original, which, kind, lookalikesOf),
);

const unchanged: Arbitrary<TextChange> = fc.constant((original) => original);

/** One change of a text. What fails is made smaller by making no change instead. */
const change: Arbitrary<TextChange> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: unchanged },
  { weight: 10, arbitrary: inserted },
  { weight: 1, arbitrary: replaced },
  { weight: 1, arbitrary: removed },
  { weight: 1, arbitrary: lengthened },
  { weight: 1, arbitrary: doubled },
  { weight: 4, arbitrary: otherScript },
  { weight: 2, arbitrary: otherSpelling },
);

const changes = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(change) },
  { weight: 1, arbitrary: fc.tuple(change, change) },
);

/** Texts: a valid one changed in a place or two, or one of its own. */
export const textVariations: Arbitrary<Variation<string>> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.tuple(fc.nat({ max: 7 }), changes).map(([which, made]): Variation<string> => {
      return (valid) => made.reduce((text, change) => change(text), valid[which % valid.length] ?? '');
    }),
  },
  {
    weight: 1,
    arbitrary: freeText.map(
      (text): Variation<string> =>
        () =>
          text,
    ),
  },
);

const leaf: Arbitrary<Variation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<JsonValue>(null, false, true).map(
      (value): Variation =>
        () =>
          value,
    ),
  },
  { weight: 2, arbitrary: fc.constant<Variation>((valid) => valid[0] ?? '') },
  { weight: 1, arbitrary: fc.constant<Variation>((valid) => asNumber(valid[0] ?? '')) },
  {
    weight: 1,
    arbitrary: fc.integer().map(
      (value): Variation =>
        () =>
          value,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(
      (value): Variation =>
        () =>
          value,
    ),
  },
  {
    weight: 1,
    arbitrary: character.map(
      (value): Variation =>
        () =>
          value,
    ),
  },
);

/** Any JSON value, with valid texts somewhere in it, or texts that are not. */
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
      .map(
        (members): Variation =>
          (valid) =>
            objectOf(members, valid),
      ),
  }),
).value;

/** Values of a member of a JSON body: mostly texts. */
export const memberVariations: Arbitrary<Variation> = fc.oneof(
  { weight: 5, arbitrary: textVariations },
  { weight: 1, arbitrary: jsonVariations },
);

function spliced(text: string, at: number, length: number, inserted: string): string {
  const characters = [...text];
  characters.splice(Math.min(at, characters.length), length, inserted);
  return characters.join('');
}

function respelled(
  text: string,
  which: readonly boolean[],
  kind: number,
  spellings: (original: string) => readonly string[],
): string {
  return [...text]
    .map((original, index) => {
      const others = spellings(original);
      return which[index] ? (others[kind % others.length] ?? original) : original;
    })
    .join('');
}

function objectOf(members: readonly (readonly [string, Variation])[], valid: readonly string[]): JsonObject {
  return Object.fromEntries(members.map(([name, value]) => [name, value(valid)]));
}

function asNumber(text: string): JsonValue {
  return /^\d+$/.test(text) ? Number(text) : null;
}
