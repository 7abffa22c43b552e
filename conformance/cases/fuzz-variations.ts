import fc, { type Arbitrary } from 'fast-check';
import type { JsonObject, JsonValue } from '../contract/json.ts';
import { character, freeText, insertion, lookalikesOf } from './fuzz-characters.ts';

/**
 * Makes a value from the valid ones of a constraint. It is a function, so that it can be applied to the call that a run
 * plays with, which is not known when the seed decides.
 */
export type Variation<Value extends JsonValue = JsonValue> = (valid: readonly string[]) => Value;

type TextChange = (text: string) => string;

/** Where a text is changed; beyond its end means at its end, where checks are forgotten most. */
const place = fc.nat({ max: 24 });

const insertedOrReplaced: Arbitrary<TextChange> = fc
  .tuple(place, fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat({ max: 3 })), insertion)
  .map(
    ([at, length, inserted]) =>
      (text) =>
        spliced(text, at, length, inserted),
  );

const removed: Arbitrary<TextChange> = fc.tuple(place, fc.integer({ min: 1, max: 24 })).map(
  ([at, length]) =>
    (text) =>
      spliced(text, at, length, ''),
);

const lengthened: Arbitrary<TextChange> = fc.tuple(place, character, fc.integer({ min: 1, max: 1000 })).map(
  ([at, repeated, times]) =>
    (text) =>
      spliced(text, at, 0, repeated.repeat(times)),
);

const doubled: Arbitrary<TextChange> = insertion.map((between) => (text) => `${text}${between}${text}`);

const respelled: Arbitrary<TextChange> = fc
  .array(fc.tuple(place, fc.nat({ max: 999 })), { minLength: 1, maxLength: 24, size: 'max' })
  .map((choices) => (text) => withLookalikes(text, choices));

const change: Arbitrary<TextChange> = fc.oneof(
  { weight: 6, arbitrary: insertedOrReplaced },
  { weight: 1, arbitrary: removed },
  { weight: 1, arbitrary: lengthened },
  { weight: 1, arbitrary: doubled },
  { weight: 3, arbitrary: respelled },
);

/** Texts: a valid one changed in a few places, or one of its own. */
export const textVariations: Arbitrary<Variation<string>> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(fc.nat({ max: 7 }), fc.array(change, { minLength: 1, maxLength: 3 })).map(
      ([which, changes]): Variation<string> =>
        (valid) =>
          changes.reduce((text, change) => change(text), valid[which % valid.length] ?? ''),
    ),
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
  { weight: 3, arbitrary: textVariations },
  { weight: 1, arbitrary: jsonVariations },
);

function spliced(text: string, at: number, length: number, inserted: string): string {
  const characters = [...text];
  characters.splice(Math.min(at, characters.length), length, inserted);
  return characters.join('');
}

function withLookalikes(text: string, choices: readonly (readonly [at: number, which: number])[]): string {
  const characters = [...text];
  for (const [at, which] of choices) {
    const original = [...text][at % (characters.length || 1)] ?? '';
    const lookalikes = lookalikesOf(original);
    if (original !== '') characters[at % characters.length] = lookalikes[which % lookalikes.length] ?? original;
  }
  return characters.join('');
}

function objectOf(members: readonly (readonly [string, Variation])[], valid: readonly string[]): JsonObject {
  return Object.fromEntries(members.map(([name, value]) => [name, value(valid)]));
}

function asNumber(text: string): JsonValue {
  return /^\d+$/.test(text) ? Number(text) : null;
}
