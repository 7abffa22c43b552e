import { isObject, pointerToken, type JsonObject, type JsonValue } from './json.ts';

/** The names of the methods that a path may have operations for. */
export const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

type Form = 'one' | 'several';

/** The members that hold parts of a contract, by the kind of their owner and their name: one, or several, and of a kind. */
const inner: readonly (readonly [RegExp, Form, string])[] = [
  [/^document paths$/, 'several', 'path'],
  [/^document servers$/, 'several', 'server'],
  [/^document components$/, 'one', 'components'],
  [/^components schemas$/, 'several', 'schema'],
  [/^components responses$/, 'several', 'response'],
  [/^components requestBodies$/, 'several', 'body'],
  [/^components securitySchemes$/, 'several', 'scheme'],
  [/^components pathItems$/, 'several', 'path'],
  [/^(?:components|path|operation) parameters$|^(?:components|response) headers$/, 'several', 'parameter'],
  [new RegExp(`^path (?:${methods.join('|')})$`), 'one', 'operation'],
  [/^operation requestBody$/, 'one', 'body'],
  [/^operation responses$/, 'several', 'response'],
  [/ content$/, 'several', 'media'],
  [/^(?:media|parameter) schema$/, 'one', 'schema'],
  [/^schema (?:(?:patternP|p)roperties|dependentSchemas|\$defs|anyOf|oneOf|allOf|prefixItems)$/, 'several', 'schema'],
  [/^schema (?:items|additionalProperties|unevaluated\w+|propertyNames|contains|not|if|then|else)$/, 'one', 'schema'],
];

/** Returns the form in which a member holds parts, and their kind; nothing for one that holds plain values. */
export function formOf(owner: string, name: string): readonly [form?: Form, kind?: string] {
  return (inner.find(([pattern]) => pattern.test(`${owner} ${name}`))?.slice(1) as [Form, string] | undefined) ?? [];
}

/** A part of a contract: a parameter, a response, a schema and so on. A schema may be true or false. */
export interface Part {
  readonly kind: string;
  readonly pointer: string;
  readonly value: JsonObject | boolean;
}

type PartChange = (part: Part) => JsonObject | boolean;

/**
 * Changes each part of a document, the outer ones first; what replaces a part is entered in its place.
 *
 * @param finish - Changes each part once more, the inner ones first.
 */
export function mapParts(
  document: JsonObject,
  change: PartChange,
  finish: PartChange = ({ value }) => value,
): JsonObject {
  const enter = (kind: string, pointer: string, before: JsonValue): JsonValue => {
    if (!isObject(before) && !(kind === 'schema' && typeof before === 'boolean')) return before;
    const changed = change({ kind, pointer, value: before });
    const value = isObject(changed)
      ? mapMembers(changed, (member, name) => enterMember(kind, `${pointer}/${pointerToken(name)}`, member, name))
      : changed;
    return finish({ kind, pointer, value });
  };
  const enterMember = (owner: string, pointer: string, member: JsonValue, name: string): JsonValue => {
    const [form, kind = ''] = formOf(owner, name);
    if (form === undefined) return member;
    if (form === 'one') return enter(kind, pointer, member);
    if (Array.isArray(member)) return member.map((item, index) => enter(kind, `${pointer}/${index}`, item));
    if (!isObject(member)) return member;
    return mapMembers(member, (item, key) => {
      const isExtension = key.startsWith('x-') && owner !== 'schema' && owner !== 'components';
      return isExtension ? item : enter(kind, `${pointer}/${pointerToken(key)}`, item);
    });
  };
  return enter('document', '', document) as JsonObject;
}

export function mapMembers(value: JsonObject, change: (member: JsonValue, name: string) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member, name)]));
}

export function filterMembers(value: JsonObject, isKept: (name: string, member: JsonValue) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name, member]) => isKept(name, member)));
}
