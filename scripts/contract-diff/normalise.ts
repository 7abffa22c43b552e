import { Validator, type Schema } from '@cfworker/json-schema';
import { inspect, isDeepStrictEqual as isSame } from 'node:util';
import { asObject, isObject, valueAt, type JsonObject, type JsonValue } from '../../conformance/contract/json.ts';
import { readErrorCode } from '../../conformance/contract/refusal.ts';
import { filterMembers, mapMembers, mapParts, methods, type Part } from '../../conformance/contract/parts.ts';

/** Members that tell people about a thing. */
export const annotations = /^(?:info|description|summary|title|examples?|deprecated|externalDocs|tags|bearerFormat)$/;

/** Keywords that a single value keeps or breaks. */
const ofValues = /^(?:type|pattern|multipleOf|m(?:in|ax)(?:imum|Length)|exclusiveM.*)$/;

/** Members and values that mean the same as their absence. */
const meaningless =
  /^(?:\$(?:comment|defs|schema|anchor) .*|min(?:Length|Items|Properties) 0|(?:required|deprecated|uniqueItems|allow\w+|(?:read|write)Only) false|style "(?:simple|form)"|x-profile "core"|required \[\]|(?:items|(?:additional|unevaluated|pattern)?[pP]roperties|unevaluatedItems|propertyNames) \{\})$/s;

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
      const codes = shown.flatMap(({ value, $ref: ref = '' }: JsonObject) => {
        return readErrorCode(value ?? valueAt(document, `${String(ref).slice(1)}/value`)) ?? [];
      });
      return { ...meant, shownCodes: asSet(codes) };
    }
    if (kind === 'operation') {
      // No alternative and one without a scheme both mean that no authorization is needed.
      const { security: own = security, ...operation } = meant;
      const alternatives = [own].flat().map((one) => mapMembers(asObject(one), (scopes) => asSet([scopes].flat())));
      const isOpen = alternatives.length === 0 || alternatives.some((one) => isSame(one, {}));
      return isOpen ? operation : { ...operation, security: asSet(alternatives) };
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
function simplify({ const: only, allOf = [], anyOf = [], oneOf = [], ...simple }: JsonObject): JsonObject {
  if (only !== undefined) simple.enum = [simple.enum ?? [only]].flat().filter((one) => isSame(one, only));
  if (simple.type === 'number') simple.type = ['integer', 'number'];
  for (const name of ['enum', 'required', 'type'])
    if (simple[name] !== undefined) simple[name] = asSet([simple[name]].flat());
  const parts = [allOf, simplifyChoices('anyOf', [anyOf].flat()), simplifyChoices('oneOf', [oneOf].flat())].flat();
  const whole = asSet(parts).reduce<JsonObject>((all, part) => combine(all, asObject(part)), simple);
  if (!Array.isArray(whole.enum)) return whole;
  // Of listed values those count that keep to the rest, which says no more then.
  const validator = new Validator(filterMembers(whole, (name) => ofValues.test(name)) as Schema, '2020-12');
  const values = whole.enum.filter((value) => validator.validate(value).valid);
  return { ...filterMembers(whole, (name) => !ofValues.test(name)), enum: values };
}

/** Writes alternatives that are lists of values, or types, as one list, and a single one as itself. */
function simplifyChoices(name: 'anyOf' | 'oneOf', all: readonly JsonValue[]): JsonValue[] {
  // Of two that are the same, exactly one never holds.
  const choices = name === 'oneOf' && asSet(all).length < all.length ? [...all] : asSet(all);
  if (choices.length < 2) return choices;
  const untitled = choices.map((choice) => filterMembers(asObject(choice), (member) => !annotations.test(member)));
  const [key = ''] = Object.keys(untitled[0] ?? {});
  const areLists = untitled.every((choice) => isSame(Object.keys(choice), [key]));
  const values = untitled.flatMap((choice) => choice[key] ?? []);
  const areApart = name === 'anyOf' || asSet(values).length === values.length;
  return [/^(?:enum|type)$/.test(key) && areLists && areApart ? { [key]: asSet(values) } : { [name]: choices }];
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
  if (members.length > 0 && Object.keys(other).length > 0 && (isClosed || clash))
    return { ...one, allOf: asSet([one.allOf ?? [], other].flat()) };
  const required = asSet([one.required ?? [], other.required ?? []].flat());
  return dropMeaningless({ ...other, ...one, required, properties: { ...mine, ...others } });
}

function dropMeaningless(value: JsonObject): JsonObject {
  return filterMembers(value, (name, member) => !meaningless.test(`${name} ${JSON.stringify(member).slice(0, 9)}`));
}

/** Returns the members of a set once each, in one order. */
function asSet(values: readonly JsonValue[]): JsonValue[] {
  const textOf = (value: JsonValue): string =>
    inspect(value, { sorted: true, depth: null, maxArrayLength: null, maxStringLength: null });
  return [...new Map(values.map((value) => [textOf(value), value]))].toSorted().map(([, value]) => value);
}
