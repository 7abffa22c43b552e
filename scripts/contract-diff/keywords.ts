import { isDeepStrictEqual } from 'node:util';

import type { JsonObject, JsonValue } from '../../conformance/contract/json.ts';
import type { Effect } from './change.ts';

type Comparison = (before: JsonValue | undefined, after: JsonValue | undefined) => Effect;

/** What it means that a keyword of a schema has changed. A keyword that is not among them is taken for a replacement. */
const comparisons: Readonly<Record<string, Comparison>> = {
  type: fewerAreNarrower,
  enum: fewerAreNarrower,
  const: presenceIsNarrower,
  required: moreAreNarrower,
  pattern: presenceIsNarrower,
  format: presenceIsNarrower,
  minimum: higherIsNarrower,
  minLength: higherIsNarrower,
  minItems: higherIsNarrower,
  maximum: (before, after) => higherIsNarrower(negative(before), negative(after)),
  maxLength: (before, after) => higherIsNarrower(negative(before), negative(after)),
  maxItems: (before, after) => higherIsNarrower(negative(before), negative(after)),
  additionalProperties: (before, after) => (after === false ? 'narrowed' : before === false ? 'widened' : 'replaced'),
  anyOf: fewerAreNarrower,
  oneOf: fewerAreNarrower,
  description: () => 'described',
  summary: () => 'described',
  title: () => 'described',
  examples: () => 'described',
  example: () => 'described',
};

/** What compares schemas by itself. */
const nested = ['properties', 'items', '$ref'];

/** The keywords in which two schemas differ, and what each difference does. */
export function changedKeywords(before: JsonObject, after: JsonObject): readonly { name: string; effect: Effect }[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !nested.includes(name));
  return names
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => ({ name, effect: comparisons[name]?.(before[name], after[name]) ?? 'replaced' }));
}

function presenceIsNarrower(before: JsonValue | undefined, after: JsonValue | undefined): Effect {
  if (before === undefined) return 'narrowed';
  return after === undefined ? 'widened' : 'replaced';
}

function fewerAreNarrower(before: JsonValue | undefined, after: JsonValue | undefined): Effect {
  if (before === undefined || after === undefined) return presenceIsNarrower(before, after);
  return setEffect(before, after, { fewer: 'narrowed', more: 'widened' });
}

function moreAreNarrower(before: JsonValue | undefined, after: JsonValue | undefined): Effect {
  return setEffect(before ?? [], after ?? [], { fewer: 'widened', more: 'narrowed' });
}

function setEffect(before: JsonValue, after: JsonValue, effects: { fewer: Effect; more: Effect }): Effect {
  const [was, is] = [before, after].map((value) => [value].flat().map((item) => JSON.stringify(item)));
  if (is?.every((item) => was?.includes(item))) return effects.fewer;
  return was?.every((item) => is?.includes(item)) ? effects.more : 'replaced';
}

function higherIsNarrower(before: JsonValue | undefined, after: JsonValue | undefined): Effect {
  if (before === undefined || after === undefined) return presenceIsNarrower(before, after);
  return Number(after) > Number(before) ? 'narrowed' : 'widened';
}

function negative(value: JsonValue | undefined): JsonValue | undefined {
  return value === undefined ? undefined : -Number(value);
}
