import { inspect, isDeepStrictEqual as isSame } from 'node:util';
import { asObject, isObject, valueAt, type JsonObject, type JsonValue } from '../../conformance/contract/json.ts';
import { readErrorCode } from '../../conformance/contract/refusal.ts';
import { mapMembers, mapParts, methods, type Part } from '../../conformance/contract/parts.ts';

/** Members that tell people about a thing. */
export const annotations = /^(?:info|description|summary|title|examples?|deprecated|externalDocs|tags)$/;

/** Members and values that mean the same as their absence. */
const meaningless =
  /^(?:\$(?:comment|defs|schema) .*|min(?:Length|Items|Properties) 0|(?:required|deprecated|uniqueItems) false|style "(?:simple|form)"|required \[\]|(?:items|(?:additional|unevaluated|pattern)?[pP]roperties|unevaluatedItems|propertyNames) \{\})$/s;

/** Returns a contract in one notation: references followed, sets sorted, defaults and names of components gone. */
export function normalise(document: JsonObject): JsonObject {
  const { security = [], components, ...rest } = document;
  const { securitySchemes = {} } = asObject(components);
  const openapi = String(document.openapi).replace(/^(\d+\.\d+)\..*/, '$1');
  const info = { ...asObject(document.info), version: null };
  const followed: { readonly at: string; readonly ref: string }[] = [];
  return mapParts({ ...rest, openapi, info, components: { securitySchemes } }, enter, leave);

  function enter({ kind, pointer, value }: Part): JsonObject {
    if (typeof value === 'boolean') return value ? {} : { not: {} };
    const { $ref: ref, ...beside } = value;
    const target = typeof ref === 'string' ? valueAt(document, decodeURIComponent(ref.slice(1))) : undefined;
    if (typeof ref !== 'string' || target === undefined) return value;
    const around = followed.filter(({ at }) => `${pointer}/`.startsWith(`${at}/`)).map((one) => one.ref);
    // A schema that contains itself ends with the number of schemas that lead back to it.
    if (around.includes(ref)) return { ...beside, $ref: around.length - around.indexOf(ref) };
    followed.push({ at: kind === 'schema' ? `${pointer}/allOf/1` : pointer, ref });
    return kind === 'schema'
      ? { allOf: [beside, target] }
      : enter({ kind, pointer, value: { ...asObject(target), ...beside } });
  }

  function leave({ kind, value }: Part): JsonObject {
    const meant = dropMeaningless(asObject(value));
    if (kind === 'server') delete meant.description;
    if (kind === 'schema') return simplify(meant);
    if (kind === 'media') {
      // The answer that shows a code in an example is the one that has its status.
      const shown = [{ value: meant.example ?? null }, ...Object.values(asObject(meant.examples)).map(asObject)];
      const values = shown.map(
        ({ value, $ref: ref = '' }: JsonObject) => value ?? valueAt(document, `${String(ref).slice(1)}/value`),
      );
      return { ...meant, shownCodes: asSet(values.flatMap((value) => readErrorCode(value) ?? [])) };
    }
    if (kind === 'operation') {
      // No alternative and one without a scheme both mean that no authorization is needed.
      const alternatives = [meant.security ?? security].flat();
      return { ...meant, security: asSet(alternatives.length > 0 ? alternatives : [{}]) };
    }
    if (kind !== 'path') return meant;
    const { parameters = [], ...path } = meant;
    return mapMembers(path, (operation, method) => {
      if (!methods.includes(method) || !isObject(operation)) return operation;
      const all = [parameters, operation.parameters ?? []].flat().map(asObject);
      const named = all.map((parameter) => [`${String(parameter.in)} ${String(parameter.name)}`, parameter]);
      return { ...operation, parameters: Object.fromEntries(named) };
    });
  }
}

/** Writes a schema, whose inner schemas are simple, in the one notation of its meaning. */
function simplify({ const: only, allOf = [], anyOf = [], ...simple }: JsonObject): JsonObject {
  if (only !== undefined) simple.enum = [simple.enum ?? [only]].flat().filter((one) => isSame(one, only));
  if (simple.type === 'number') simple.type = ['integer', 'number'];
  for (const name of ['enum', 'required', 'oneOf', 'type'])
    if (simple[name] !== undefined) simple[name] = asSet([simple[name]].flat());
  if (Array.isArray(simple.enum) && simple.enum.every((value) => [simple.type].flat().includes(typeOf(value))))
    delete simple.type;
  const choices = asSet([anyOf].flat());
  const areValues = choices.every((choice) => isSame(Object.keys(asObject(choice)), ['enum']));
  if (choices.length > 0 && !areValues) simple.anyOf = choices;
  const listed = { enum: asSet(choices.flatMap((choice) => asObject(choice).enum ?? [])) };
  const parts = [choices.length > 0 && areValues ? listed : [], allOf].flat();
  return parts.reduce<JsonObject>((all, part) => combine(all, asObject(part)), simple);
}

/** Demands two schemas at once: as one schema, unless a keyword of one changes what the other means. */
function combine(one: JsonObject, other: JsonObject): JsonObject {
  const [mine, others] = [asObject(one.properties), asObject(other.properties)];
  const members = Object.keys(one).filter((name) => !annotations.test(name));
  const isClosed = [one, other].some((schema) => Object.keys(schema).some((name) => /^(?:add|uneval)/.test(name)));
  const clash = members.some((name) =>
    name === 'properties'
      ? Object.keys(mine).some((key) => Object.hasOwn(others, key))
      : name !== 'required' && Object.hasOwn(other, name) && !isSame(one[name], other[name]),
  );
  if (members.length > 0 && (isClosed || clash)) return { ...one, allOf: asSet([one.allOf ?? [], other].flat()) };
  const required = asSet([one.required ?? [], other.required ?? []].flat());
  return dropMeaningless({ ...other, ...one, required, properties: { ...mine, ...others } });
}

function dropMeaningless(value: JsonObject): JsonObject {
  const isKept = ([name, member]: [string, JsonValue]) =>
    !meaningless.test(`${name} ${JSON.stringify(member).slice(0, 9)}`);
  return Object.fromEntries(Object.entries(value).filter(isKept));
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
}

/** Returns the members of a set once each, in one order. */
function asSet(values: readonly JsonValue[]): JsonValue[] {
  const textOf = (value: JsonValue): string =>
    inspect(value, { sorted: true, depth: null, maxArrayLength: null, maxStringLength: null });
  return [...new Map(values.map((value) => [textOf(value), value]))].toSorted().map(([, value]) => value);
}
