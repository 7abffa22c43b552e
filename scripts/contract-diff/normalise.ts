import { isDeepStrictEqual as isSame } from 'node:util';
import { isObject, valueAt, type JsonObject, type JsonValue } from '../../conformance/contract/json.ts';
import { formOf, mapMembers, methods } from '../../conformance/contract/parts.ts';

export type Value = JsonValue | undefined;

/** Members that tell people about a thing. */
export const annotations = /^(?:info|description|summary|title|examples?|deprecated|externalDocs|tags)$/;

/** Members and values that mean the same as their absence. */
const meaningless =
  /^(?:\$(?:comment|defs|schema) .*|min(?:Length|Items|Properties) 0|(?:deprecated|uniqueItems) false|required \[\]|(?:items|(?:additional|unevaluated|pattern)?[pP]roperties|unevaluatedItems|propertyNames) \{\})$/s;

/**
 * Returns a contract in the one notation of its meaning: references are followed, sets are sorted, defaults are alike,
 * and names of components, which mean nothing, are gone.
 */
export function normalise(document: JsonObject): JsonObject {
  const { components, security = [], ...rest } = document;
  const openapi = String(document.openapi).replace(/^(\d+\.\d+)\..*/, '$1');
  const { version: _, ...info } = asObject(document.info);
  return read({ ...rest, openapi, info }, 'document') as JsonObject;

  function read(value: JsonValue, kind: string, within: readonly string[] = []): JsonValue {
    if (typeof value === 'boolean' && kind === 'schema') return value ? {} : { not: {} };
    if (!isObject(value)) return value;
    if (typeof value.$ref === 'string') return follow(value, value.$ref, kind, within);
    const known = mapMembers(complete(value, kind), (member, name) => {
      const [form, of] = formOf(kind, name);
      if (of === undefined) return member;
      if (form === 'one') return read(member, of, within);
      if (Array.isArray(member)) return member.map((item) => read(item, of, within));
      return mapMembers(asObject(member), (item) => read(item, of, within));
    });
    return kind === 'schema' ? simplify(known) : known;
  }

  function follow({ $ref: _, ...beside }: JsonObject, ref: string, kind: string, within: readonly string[]): JsonValue {
    const target = ref.startsWith('#') ? valueAt(document, decodeURIComponent(ref.slice(1))) : undefined;
    // A schema that contains itself ends with the number of schemas that lead back to it.
    const back = within.includes(ref) ? within.length - within.indexOf(ref) : undefined;
    if (target === undefined || back !== undefined) return { ...beside, $ref: back ?? ref };
    const found = read(target, kind, [...within, ref]);
    return kind === 'schema'
      ? simplify({ allOf: [read(beside, kind, within), found] })
      : { ...asObject(found), ...beside };
  }

  /** Adds defaults, and to an operation what its path and the document say of all operations. */
  function complete(value: JsonObject, kind: string): JsonObject {
    if (kind === 'body') return { required: false, ...value };
    if (kind === 'server')
      return JSON.parse(JSON.stringify(value, (name, member) => (name === 'description' ? undefined : member)));
    if (kind === 'parameter') {
      const style = value.style ?? (/^(?:query|cookie)$/.test(String(value.in)) ? 'form' : 'simple');
      return { required: false, explode: style === 'form', style, ...value };
    }
    if (kind === 'operation') {
      const listed = value.security ?? security;
      // No alternative and one without a scheme both mean that no authorization is needed.
      const demanded = Array.isArray(listed) && listed.length > 0 ? listed : [{}];
      return { ...value, security: asSet(demanded.map((names) => asSet(Object.entries(asObject(names)).map(scheme)))) };
    }
    if (kind !== 'path') return value;
    const { parameters = [], ...path } = value;
    return mapMembers(path, (member, method) => {
      if (!methods.includes(method) || !isObject(member)) return member;
      const named = [parameters, member.parameters ?? []].flat().map((parameter) => {
        const { in: place, name } = asObject(read(parameter, 'parameter'));
        return [`${String(place)} ${String(name)}`, parameter];
      });
      return { ...member, parameters: Object.fromEntries(named) };
    });
  }

  function scheme([name, scopes]: [string, JsonValue]): JsonValue {
    const { [name]: found = name } = asObject(asObject(components).securitySchemes);
    const { description: _, ...meant } = asObject(read(found, 'scheme'));
    return [isObject(found) ? meant : found, scopes];
  }
}

/** Writes a schema, whose inner schemas are simple, in the one notation of its meaning. */
function simplify(schema: JsonObject): JsonObject {
  const { const: only, allOf = [], anyOf = [], ...simple } = dropMeaningless(schema);
  const { enum: values, type } = simple;
  if (only !== undefined) simple.enum = Array.isArray(values) ? values.filter((one) => isSame(one, only)) : [only];
  if (type !== undefined) simple.type = [type, type === 'number' ? 'integer' : []].flat();
  for (const name of ['enum', 'required', 'oneOf', 'type'])
    if (Array.isArray(simple[name])) simple[name] = asSet(simple[name]);
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

function dropMeaningless(schema: JsonObject): JsonObject {
  const isKept = ([name, value]: [string, JsonValue]) =>
    !meaningless.test(`${name} ${JSON.stringify(value).slice(0, 9)}`);
  return Object.fromEntries(Object.entries(schema).filter(isKept));
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
}

/** Returns the members of a set once each, in the order of their JSON. */
function asSet(values: readonly JsonValue[]): JsonValue[] {
  const sort = (_: string, value: JsonValue) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value;
  return [...new Map(values.map((value) => [JSON.stringify(value, sort), value]))].toSorted().map(([, value]) => value);
}

export function asObject(value: Value): JsonObject {
  return isObject(value) ? value : {};
}
