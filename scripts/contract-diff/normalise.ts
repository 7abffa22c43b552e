import { isDeepStrictEqual } from 'node:util';
import { isObject, pointerToken, type JsonObject, type JsonValue } from '../../conformance/contract/json.ts';

/** Objects whose members have names of their author's choice, among which no name is a keyword. */
const named = ['properties', 'patternProperties', '$defs', 'dependentSchemas', 'schemas', 'responses', 'headers'];
const annotations = ['$comment', 'deprecated'];
/** Keywords whose values are sets: their order means nothing. */
const sets = ['enum', 'required', 'type', 'anyOf', 'oneOf', 'allOf', 'tags'];
/** Values that mean the same as leaving the keyword out. */
const defaults: Readonly<Record<string, readonly JsonValue[]>> = {
  additionalProperties: [true, {}],
  minLength: [0],
  minItems: [0],
  minProperties: [0],
  uniqueItems: [false],
  required: [false, []],
};
const schemaPlaces = ['items', 'not', 'if', 'then', 'else', 'contains'];

/** Returns a document that is equal to another one's if both mean the same to those who send and answer requests. */
export function normalise(value: JsonValue, name = '', isNames = false): JsonValue {
  if (Array.isArray(value)) {
    const items = value.map((item) => normalise(item, ''));
    if (!sets.includes(name)) return items;
    const sorted = items.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    return name === 'type' && sorted.length === 1 ? (sorted[0] ?? null) : sorted;
  }
  if (typeof value === 'boolean' && (isNames || schemaPlaces.includes(name))) return value ? {} : { not: {} };
  if (!isObject(value)) return value;
  if (isNames) return mapMembers(value, (member) => normalise(member, ''));
  const members = mapMembers(value, (member, key) => normaliseMember(key, member));
  const kept = Object.entries(members).filter(
    ([key, member]) =>
      !annotations.includes(key) && !defaults[key]?.some((meaning) => isDeepStrictEqual(meaning, member)),
  );
  const { const: constant, ...others } = Object.fromEntries(kept) as JsonObject;
  return constant === undefined ? others : { ...others, enum: [constant] };
}

function normaliseMember(key: string, member: JsonValue): JsonValue {
  if (key === 'const' || key === 'examples' || key === 'example' || key === 'default') return member;
  if (!named.includes(key) || !isObject(member)) return normalise(member, key);
  return mapMembers(member, (inner) => (typeof inner === 'boolean' ? normalise(inner, 'items') : normalise(inner, '')));
}

function mapMembers(value: JsonObject, change: (member: JsonValue, name: string) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member, name)]));
}

/** Returns the pointers of the smallest parts in which two documents differ. */
export function findDifferences(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  pointer = '',
): readonly string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isObject(before) || !isObject(after)) return [pointer];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const member = (of: JsonObject, name: string) => (Object.hasOwn(of, name) ? of[name] : undefined);
  return names.flatMap((name) =>
    findDifferences(member(before, name), member(after, name), `${pointer}/${pointerToken(name)}`),
  );
}
