import { isDeepStrictEqual } from 'node:util';
import { isObject, valueAt, type JsonObject, type JsonValue } from '../../conformance/contract/json.ts';
import { formOf, methods } from '../../conformance/contract/parts.ts';

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
  const { components: _, security = [], ...rest } = document;
  const openapi = String(document.openapi).replace(/^(\d+\.\d+)\..*/, '$1');
  return read({ ...rest, openapi, info: without(asObject(document.info), 'version') }, 'document') as JsonObject;

  function read(value: JsonValue, kind: string, within: readonly string[] = []): JsonValue {
    if (typeof value === 'boolean' && kind === 'schema') return value ? {} : { not: {} };
    if (!isObject(value)) return value;
    if (typeof value.$ref === 'string') return follow(value, value.$ref, kind, within);
    const members = Object.entries(complete(value, kind)).map(([name, member]) => {
      const [form, of] = formOf(kind, name);
      if (of === undefined) return [name, member];
      if (form === 'one') return [name, read(member, of, within)];
      if (Array.isArray(member)) return [name, member.map((item) => read(item, of, within))];
      const things = Object.entries(asObject(member)).map(([key, item]) => [key, read(item, of, within)]);
      return [name, sorted(Object.fromEntries(things))];
    });
    const known = Object.fromEntries(members) as JsonObject;
    return sorted(kind === 'schema' ? simplify(known) : known);
  }

  function follow(
    { $ref: _, ...siblings }: JsonObject,
    ref: string,
    kind: string,
    within: readonly string[],
  ): JsonValue {
    const target = ref.startsWith('#') ? valueAt(document, decodeURIComponent(ref.slice(1))) : undefined;
    // A schema that contains itself ends with the number of schemas that lead back to it.
    const back = within.includes(ref) ? within.length - within.indexOf(ref) : undefined;
    if (target === undefined || back !== undefined) return { ...siblings, $ref: back ?? ref };
    const found = read(target, kind, [...within, ref]);
    if (kind !== 'schema') return sorted({ ...asObject(found), ...siblings });
    return sorted(simplify({ allOf: [read(siblings, kind, within), found] }));
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
      return {
        ...value,
        security: sortedSet(demanded.map((names) => sortedSet(Object.entries(asObject(names)).map(scheme)))),
      };
    }
    if (kind !== 'path') return value;
    const { parameters = [], ...path } = value;
    const operations = methods
      .filter((method) => isObject(path[method]))
      .map((method) => {
        const own = asObject(path[method]);
        const named = [parameters, own.parameters ?? []].flat().map((parameter) => {
          const { in: place, name } = asObject(read(parameter, 'parameter'));
          return [`${String(place)} ${String(name)}`, parameter];
        });
        return [method, { ...own, parameters: Object.fromEntries(named) }];
      });
    return { ...path, ...Object.fromEntries(operations) };
  }

  function scheme([name, scopes]: [string, JsonValue]): JsonValue {
    const { [name]: found = name } = asObject(valueAt(document, '/components/securitySchemes'));
    return [isObject(found) ? without(asObject(read(found, 'scheme')), 'description') : found, scopes];
  }
}

/** Writes a schema, whose inner schemas are simple, in the one notation of its meaning. */
function simplify(schema: JsonObject): JsonObject {
  const { const: only, allOf = [], anyOf, ...simple } = dropMeaningless(schema);
  if (only !== undefined)
    simple.enum = Array.isArray(simple.enum) ? simple.enum.filter((value) => isDeepStrictEqual(value, only)) : [only];
  if (simple.type !== undefined)
    simple.type = sortedSet([simple.type, simple.type === 'number' ? 'integer' : []].flat());
  for (const name of ['enum', 'required', 'oneOf'])
    if (Array.isArray(simple[name])) simple[name] = sortedSet(simple[name]);
  if (Array.isArray(simple.enum) && simple.enum.every((value) => [simple.type].flat().includes(typeOf(value))))
    delete simple.type;
  const choices = Array.isArray(anyOf) ? sortedSet(anyOf) : [];
  const areValues = choices.every((choice) => isDeepStrictEqual(Object.keys(asObject(choice)), ['enum']));
  if (choices.length > 0 && !areValues) simple.anyOf = choices;
  const values = sortedSet(choices.flatMap((choice) => asObject(choice).enum ?? []));
  const parts = [
    ...(choices.length > 0 && areValues ? [{ enum: values }] : []),
    ...(Array.isArray(allOf) ? allOf : []),
  ];
  return parts.reduce<JsonObject>((all, part) => combine(all, asObject(part)), simple);
}

/** Demands two schemas at once: as one schema, unless a keyword of one changes what the other means. */
function combine(one: JsonObject, other: JsonObject): JsonObject {
  const [mine, others] = [asObject(one.properties), asObject(other.properties)];
  const members = Object.keys(one).filter((name) => !annotations.test(name));
  const isClosed = [one, other].some((schema) => Object.keys(schema).some((name) => /^(?:add|uneval)/.test(name)));
  const clash = members.some((name) => {
    const isAlike = !Object.hasOwn(other, name) || isDeepStrictEqual(one[name], other[name]);
    if (name === 'properties') return Object.keys(mine).some((key) => Object.hasOwn(others, key));
    return name !== 'required' && !isAlike;
  });
  const required = sortedSet([one.required ?? [], other.required ?? []].flat());
  if (members.length > 0 && (isClosed || clash)) return { ...one, allOf: sortedSet([one.allOf ?? [], other].flat()) };
  const both = { ...other, ...one, required, properties: sorted({ ...mine, ...others }) };
  return dropMeaningless(both);
}

function dropMeaningless(schema: JsonObject): JsonObject {
  const isKept = ([name, value]: [string, JsonValue]): boolean =>
    !meaningless.test(`${name} ${JSON.stringify(value).slice(0, 9)}`);
  return Object.fromEntries(Object.entries(schema).filter(isKept));
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
}

/** Returns the members of a set once each, in the order of their JSON. */
function sortedSet(values: readonly JsonValue[]): JsonValue[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value]))].toSorted().map(([, value]) => value);
}

function sorted(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function without(value: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([member]) => member !== name));
}

export function asObject(value: Value): JsonObject {
  return isObject(value) ? value : {};
}
