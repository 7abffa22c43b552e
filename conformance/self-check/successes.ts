import { type Contract, operationById, resolve } from '../contract/contract.ts';
import { type JsonObject, type JsonValue, isObject, pointerToken } from '../contract/json.ts';
import type { Exchange } from '../target/exchange.ts';
import {
  type Change,
  type Row,
  type WrongAnswer,
  answering,
  answeringNothing,
  family,
  isAcceptedTransfer,
  isReadCall,
  mediaTypes,
  noObjects,
  saying,
  withHeader,
  withJson,
  withStatus,
} from './wrong-answer.ts';

/** Returns the wrong answers to accepted transfers and to readings. */
export function successes(contract: Contract): WrongAnswer[] {
  const { responses } = operationById(contract, 'transferPhoneCall');
  const schema = responses.find(({ status }) => status === '200')?.content[0]?.schemaPointer ?? '';
  const members = memberRows(contract, schema);
  const ofTransfers = members.filter(([name]) => !name.startsWith('phoneCallView-'));
  const bodies = [...noObjects, ...mediaTypes, ...otherCalls];
  const answered = (rows: readonly Row<Change>[]) => saying('A transfer is answered', rows);
  const read = (rows: readonly Row<Change>[]) => saying('A call is read', rows);
  const returnsCall = (exchange: Exchange) => {
    return isAcceptedTransfer(exchange) && (exchange.response?.body.length ?? 0) > 0;
  };
  return [
    ...family('transfer', 'a transfer that is accepted', isAcceptedTransfer, answered(transferStatuses)),
    ...family(
      'transfer',
      'a transfer that is answered with its call',
      returnsCall,
      answered([...bodies, ...otherLinks, ...lacking]),
    ),
    ...family('transfer', carried, returnsCall, answered(ofTransfers)),
    ...family(
      'reading',
      'a call that can be read back',
      isReadCall,
      read([...readingStatuses, ...bodies, ...otherLists]),
    ),
    ...family('reading', carried, isReadCall, read([...otherLinks, ...members])),
  ];
}

const carried = 'an answer that carries the member';

const failed: JsonValue = { error: { code: 'internal_server_error', message: 'The server failed.' } };

const statusRows = (statuses: readonly number[]): Row<Change>[] =>
  statuses.map((status) => [`status-${status}`, `with ${status}`, withStatus(status)]);

const failures: readonly Row<Change>[] = [
  ['failed', 'with 500 and internal_server_error', answering(500, failed)],
  ['error-200', 'with 200 and an error response', answering(200, failed)],
];

const transferStatuses: readonly Row<Change>[] = [
  // 429 and 503 are left out, since the suite then asks again.
  ...statusRows([201, 203, 206, 301, 302, 303, 307, 400, 404, 409, 422, 500, 502, 504]),
  ...failures,
  ['empty-201', 'with 201 and no body', answeringNothing(201)],
  ['empty-200', 'with 200 and no body', answeringNothing(200)],
  ['content-of-204', 'with 204 and the length of a body', nothingWith('content-length', '12')],
  ['chunks-of-204', 'with 204 and a body in chunks', nothingWith('transfer-encoding', 'chunked')],
];

const readingStatuses: readonly Row<Change>[] = [
  // The statuses that say that reading is not offered are left out.
  ...statusRows([201, 202, 203, 206, 301, 302, 307, 400, 409, 500, 502]),
  ...failures,
  ['nothing', 'with 204', answeringNothing(204)],
];

function nothingWith(name: string, value: string): Change {
  return (exchange) => {
    const empty = answeringNothing(204)(exchange);
    return empty && withHeader(name, value)(empty);
  };
}

const otherId = 'c0ffee0123456789abcd';

/** PhoneCalls with a wrong id. */
const otherCalls: readonly Row<Change>[] = (
  [
    ['unknown', 'another id', () => otherId],
    ['upper-case', 'its id in upper case', (id) => id.toUpperCase()],
    ['cut-short', 'its id without the last character', (id) => id.slice(0, -1)],
    ['longer', 'its id with a character more', (id) => `${id}0`],
    ['padded', 'its id with a blank', (id) => `${id} `],
  ] satisfies Row<(id: string) => string>[]
).map(([name, says, change]) => [
  `id-${name}`,
  `with ${says}`,
  inEachCall((call) => (typeof call.id === 'string' ? { ...call, id: change(call.id) } : call)),
]);

/** Names another call in place of the one that was transferred. */
export const namingAnotherCall: Change = inEachCall((call) => ({ ...call, id: otherId }));

/** PhoneCalls with a wrong self link. */
const otherLinks: readonly Row<Change>[] = [
  ['self-empty', 'with an empty self link', linking(() => '')],
  ['self-of-another-call', 'with the self link of another call', linking((self, id) => self.replace(id, otherId))],
  ['self-of-extension', 'with a self link that lacks the id', linking((self, id) => self.replace(`/${id}`, ''))],
  ['self-cut-short', 'with a self link that is cut short', linking((self) => self.slice(0, -1))],
];

/** PhoneCalls whose recommended members are missing. */
const lacking: readonly Row<Change>[] = [
  ['extension-missing', 'without the extension', inEachCall((call) => without(call, 'extension'))],
  ['link-missing', 'without a link', inEachCall((call) => without(without(call, 'link'), 'links'))],
  ['self-missing', 'with a link without self', linked(() => ({}))],
];

/** Lists that do not hold the call. */
const otherLists: readonly Row<Change>[] = [
  ['entry-empty', 'with a list of no calls', withJson(() => ({ entry: [] }))],
  ['entry-text', 'with a list of ids', withJson((value) => ({ entry: callsOf(value).map(({ id }) => id ?? null) }))],
  ['entry-object', 'with a list that is an object', withJson((value) => ({ entry: value }))],
  ['entries', 'with a list by another name', withJson((value) => ({ entries: callsOf(value) }))],
];

/** Changes the call that a body is, or each call that it lists. */
function inEachCall(change: (call: JsonObject) => JsonValue): Change {
  return withJson((value) => {
    if (!isObject(value)) return undefined;
    const changed = Array.isArray(value.entry)
      ? { ...value, entry: value.entry.map((call) => (isObject(call) ? change(call) : call)) }
      : change(value);
    return JSON.stringify(changed) === JSON.stringify(value) ? undefined : changed;
  });
}

function linking(change: (self: string, id: string) => string): Change {
  return linked((link, id) => (typeof link.self === 'string' ? { ...link, self: change(link.self, id) } : link));
}

function linked(change: (link: JsonObject, id: string) => JsonObject): Change {
  return inEachCall((call) => {
    const name = ['link', 'links'].find((member) => isObject(call[member]));
    return name === undefined ? call : { ...call, [name]: change(call[name] as JsonObject, String(call.id)) };
  });
}

function callsOf(value: JsonValue): JsonObject[] {
  if (!isObject(value)) return [];
  return Array.isArray(value.entry) ? value.entry.filter(isObject) : [value];
}

function without(members: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([member]) => member !== name));
}

/** A member that a schema names, with its path: names, and `*` for each item of an array. */
interface Member {
  readonly path: readonly string[];
  readonly schema: JsonObject;
  readonly required: boolean;
}

/** Texts that break a format. */
const brokenFormats: Readonly<Record<string, readonly Row<string>[]>> = {
  'date-time': [
    ['malformed', 'a malformed', 'yesterday'],
    ['local', 'a local', '2012-06-27T16:08:50'],
    ['impossible', 'an impossible', '2012-13-27T16:08:50Z'],
  ],
  'uri-reference': [['malformed', 'a malformed', 'ht tp://\\<>^{}']],
};

/** Returns the mistakes that a schema allows to make in each of its members: null, another type, missing, malformed. */
function memberRows(contract: Contract, schemaPointer: string): Row<Change>[] {
  return membersOf(contract, schemaPointer).flatMap(({ path, schema, required }) => {
    const names = path.filter((token) => token !== '*');
    const where = names.join('.');
    const rows: Row<JsonValue | undefined>[] = [
      ['null', `with null for ${where}`, null],
      ['other-type', `with a ${where} of another type`, otherType(schema)],
      ...(required ? ([['missing', `without ${where}`, undefined]] as const) : []),
      ...malformedTexts(schema).map(([kind, says, text]) => [kind, `with ${says} ${where}`, text] as const),
    ];
    return rows.map(([kind, says, value]): Row<Change> => [
      `${names.join('-')}-${kind}`,
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

/** Replaces the members at a path; removes them if the replacement is undefined. */
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

function malformedTexts({ pattern, format, minLength, enum: values }: JsonObject): readonly Row<string>[] {
  if (values !== undefined || pattern !== undefined) return [['malformed', 'a malformed', 'no such thing']];
  if (typeof format === 'string') return brokenFormats[format] ?? [];
  return minLength === undefined ? [] : [['malformed', 'a malformed', '']];
}
