import { resolve, type Contract } from '../contract/contract.ts';
import { isObject, pointerToken, type JsonObject, type JsonValue } from '../contract/json.ts';
import type { Change, Row } from './wrong-answer.ts';
import { inEachCall } from './phone-calls.ts';

/** A member that a schema names, and where it is in a value: names, and `*` for each item of an array. */
interface Member {
  readonly path: readonly string[];
  readonly schema: JsonObject;
  readonly required: boolean;
}

/** Values that do not have a format. */
const otherFormats: Readonly<Record<string, string>> = {
  'date-time': 'yesterday',
  'uri-reference': 'ht tp://\\<>^{}',
};

/** What can be wrong with each member that a schema names, as the schema itself says. */
export function memberRows(contract: Contract, schemaPointer: string): Row<Change>[] {
  return membersOf(contract, schemaPointer).flatMap(({ path, schema, required }) => {
    const name = path.filter((token) => token !== '*').join('-');
    const where = path.filter((token) => token !== '*').join('.');
    const rows: [kind: string, says: string, value: JsonValue | undefined][] = [
      ['null', `with null for ${where}`, null],
      ['other-type', `with a ${where} of another type`, otherType(schema)],
    ];
    if (required) rows.push(['missing', `without ${where}`, undefined]);
    const malformed = malformedValue(schema);
    if (malformed !== undefined) rows.push(['malformed', `with a malformed ${where}`, malformed]);
    return rows.map(([kind, says, value]): Row<Change> => [
      `${name}-${kind}`,
      says,
      inEachCall((call) => replaced(call, path, value)),
    ]);
  });
}

function membersOf(contract: Contract, pointer: string): Member[] {
  const { value: schema, pointer: place } = resolve(contract.document, pointer);
  if (isObject(schema.items)) return below(membersOf(contract, `${place}/items`), '*');
  if (!isObject(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.keys(schema.properties).flatMap((name) => {
    const property = `${place}/properties/${pointerToken(name)}`;
    const own = { path: [name], schema: resolve(contract.document, property).value, required: required.includes(name) };
    return [own, ...below(membersOf(contract, property), name)];
  });
}

function below(members: readonly Member[], token: string): Member[] {
  return members.map((member) => ({ ...member, path: [token, ...member.path] }));
}

/** A value with the members at a path replaced, or left out where the replacement is undefined. */
function replaced(value: JsonValue, path: readonly string[], replacement: JsonValue | undefined): JsonValue {
  const [token = '', ...rest] = path;
  if (token === '*') return Array.isArray(value) ? value.map((item) => replaced(item, rest, replacement)) : value;
  if (!isObject(value) || !Object.hasOwn(value, token)) return value;
  const member = rest.length === 0 ? replacement : replaced(value[token] ?? null, rest, replacement);
  const entries = Object.entries(value).map(([name, own]) => [name, name === token ? member : own] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, JsonValue] => entry[1] !== undefined));
}

function otherType({ type, enum: values }: JsonObject): JsonValue {
  const types = [type].flat();
  if (values !== undefined || types.includes('integer') || types.includes('number')) return true;
  return types.includes('string') ? 12 : 'text';
}

function malformedValue({ pattern, format, minLength, enum: values }: JsonObject): string | undefined {
  if (values !== undefined || pattern !== undefined) return 'no such thing';
  if (typeof format === 'string') return otherFormats[format];
  return minLength === undefined ? undefined : '';
}
