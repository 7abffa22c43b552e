import { type Contract, type Operation, operationById } from '../contract/contract.ts';
import { type Constraint, listConstraints } from '../contract/constraints.ts';
import { type JsonObject, type JsonValue, isObject } from '../contract/json.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import type { Exchange, SentRequest } from '../target/exchange.ts';
import { refusedWith } from './refusals.ts';
import { type Change, type Row, type WrongAnswer, answering, family, isRefusedTransfer } from './wrong-answer.ts';

const needs = 'requests that are refused for this reason';

type Predicate<Subject> = (subject: Subject) => boolean;

/** Ways to break a property. */
const values: readonly Row<Predicate<JsonValue | undefined>>[] = [
  ['missing', 'that is missing', (value) => value === undefined],
  ['null', 'that is null', (value) => value === null],
  ['empty', 'that is empty', (value) => value === ''],
  ['number', 'that is a number', (value) => typeof value === 'number'],
  ['boolean', 'that is true or false', (value) => typeof value === 'boolean'],
  ['array', 'that is an array', Array.isArray],
  ['object', 'that is an object', isObject],
  ['line-feed', 'with a line feed at its end', (value) => /[^\n]\n$/.test(textOf(value))],
  ['blanks', 'with blanks around it', (value) => /^\S+$/.test(textOf(value).trim()) && /^ | $/.test(textOf(value))],
  ['other-digits', 'with digits of other scripts', (value) => /(?![0-9])\p{Nd}/u.test(textOf(value))],
  ['other-text', 'that is any other text', (value) => /^[!-~]+$/.test(textOf(value))],
];

/** Bodies that do not hold an object. */
const bodies: readonly Row<Predicate<string | undefined>>[] = [
  ['missing', 'that is missing', (text) => text === undefined || text === ''],
  ['not-json', 'that is not JSON', (text) => text !== undefined && text !== '' && valueOf(text) === undefined],
  ['array', 'that is an array', (text) => Array.isArray(valueOf(text))],
  ['null', 'that is null', (text) => valueOf(text) === null],
  ['text', 'that is a JSON string', (text) => typeof valueOf(text) === 'string'],
  ['number', 'that is a number', (text) => typeof valueOf(text) === 'number'],
];

const headers: readonly Row<Predicate<string | undefined>>[] = [
  ['missing', 'without a token', (header) => header === undefined || header.trim() === ''],
  ['scheme-only', 'with the scheme only', (header) => header?.trim() === 'Bearer'],
  ['basic', 'with the scheme Basic', (header) => /^Basic\b/.test(header ?? '')],
  ['other-scheme', 'with an unknown scheme', (header) => /^(?!Bearer\b|Basic\b)\w+ \S/.test(header ?? '')],
  ['no-scheme', 'with a token without a scheme', (header) => /^(?!Bearer$)\S+$/.test(header ?? '')],
];

/** Functions derived from the contract. */
interface Derived {
  readonly accept: Change;
  readonly findBrokenParts: BrokenParts;
}

/** Returns the wrong answers that accept a breach: a request that must be refused. */
export function acceptedBreaches(contract: Contract): WrongAnswer[] {
  const transfer = operationById(contract, 'transferPhoneCall');
  const derived = { accept: accepting(contract), findBrokenParts: brokenParts(contract) };
  return [
    ...listConstraints(contract, transfer).flatMap((constraint) =>
      constraint.place === 'path' ? acceptedInPath(derived, constraint) : acceptedProperties(derived, constraint),
    ),
    ...acceptedBodies(derived),
    ...acceptedAuthorizations(derived, transfer),
    ...family('accepts-several-faults', needs, (exchange) => breaks(derived, exchange).length > 1, [
      ['all', 'A request with several faults is accepted.', derived.accept],
    ]),
  ];
}

function acceptedInPath(derived: Derived, { name, errorCode }: Constraint): WrongAnswer[] {
  return [
    ...family(`accepts-${name}`, needs, breaksOnly(derived, name), [
      ['malformed', `A malformed ${name} is accepted.`, derived.accept],
    ]),
    ...family(`accepts-${name}`, needs, refusesWellFormed(derived, errorCode), [
      ['unknown', `A ${name} that names nothing is accepted.`, derived.accept],
    ]),
  ];
}

function acceptedProperties(derived: Derived, { name, required, schema }: Constraint): WrongAnswer[] {
  const kinds = values.filter(
    ([kind]) => (kind !== 'missing' || required) && (kind !== 'other-digits' || schema.pattern !== undefined),
  );
  const rows = acceptingEach(derived, `A ${name}`, kinds, ({ action }) => action?.[name]);
  return family(`accepts-${name}`, needs, breaksOnly(derived, name), rows);
}

function acceptedBodies(derived: Derived): WrongAnswer[] {
  const rows = acceptingEach(derived, 'A body', bodies, ({ text }) => text);
  return [
    ...family('accepts-body', needs, breaksOnly(derived, 'body'), rows),
    ...family('accepts-body', needs, breaksOnly(derived, 'media type'), [
      ['other-media-type', 'A body that is not declared as JSON is accepted.', derived.accept],
    ]),
  ];
}

function acceptedAuthorizations(derived: Derived, { security }: Operation): WrongAnswer[] {
  const rows = acceptingEach(derived, 'A request', headers, ({ authorization }) => authorization);
  return [
    ...family('accepts-authorization', needs, breaksOnly(derived, 'authorization'), rows),
    ...security.flatMap(({ errorCode }) =>
      family('accepts-authorization', 'a token that is named', refusesWellFormed(derived, errorCode), [
        ['invalid-token', 'A token that was never issued is accepted.', derived.accept],
      ]),
    ),
  ];
}

function acceptingEach<Subject>(
  { accept }: Derived,
  subject: string,
  kinds: readonly Row<Predicate<Subject>>[],
  subjectOf: (request: ReadRequest) => Subject,
): Row<Change>[] {
  return kinds.map(([name, says, is]) => [
    name,
    `${subject} ${says} is accepted.`,
    (exchange) => (is(subjectOf(readRequest(exchange.request))) ? accept(exchange) : undefined),
  ]);
}

/** Returns the broken parts of a request that was refused. */
function breaks({ findBrokenParts }: Derived, exchange: Exchange): readonly string[] {
  return isRefusedTransfer(exchange) ? findBrokenParts(exchange.request) : [];
}

function breaksOnly(derived: Derived, part: string): (exchange: Exchange) => boolean {
  return (exchange) => breaks(derived, exchange).join() === part;
}

/** Returns a predicate: a well-formed request is refused with the code. */
function refusesWellFormed({ findBrokenParts }: Derived, code: string | undefined): (exchange: Exchange) => boolean {
  const isRefused = refusedWith(code ?? '');
  return (exchange) => isRefused(exchange) && findBrokenParts(exchange.request).length === 0;
}

/** Answers with the success that the contract shows, for the call that the request names. */
function accepting(contract: Contract): Change {
  const { responses } = operationById(contract, 'transferPhoneCall');
  const response = responses.find(({ status, content }) => status.startsWith('2') && content.length > 0);
  const [example] = response?.content[0]?.examples.values() ?? [];
  return (exchange) => {
    const { phoneCallId = '' } = readRequest(exchange.request).segments;
    const link = { self: exchange.request.path };
    const call: JsonObject = { ...(example as JsonObject), id: decodeSegment(phoneCallId) ?? phoneCallId, link };
    return answering(Number(response?.status), call)(exchange);
  };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The parts of a transfer; undefined where they are missing or unreadable. */
export interface ReadRequest {
  /** The path parameters as they were sent, percent-encoded. */
  readonly segments: Readonly<Record<string, string>>;
  readonly trailingSlash: boolean;
  readonly action: JsonObject | undefined;
  readonly text: string | undefined;
  readonly authorization: string | undefined;
  readonly mediaType: string | undefined;
}

/** Returns the names of the parts of a transfer that break the contract: parameters, `body`, `media type`, `authorization`. */
type BrokenParts = (request: SentRequest) => readonly string[];

/** Reads a transfer. */
export function readRequest({ path, headers, body }: SentRequest): ReadRequest {
  const rest = path.slice(path.indexOf('/uapi/phoneCalls/')).split('/').slice(3);
  const [userId = '', extension = '', phoneCallId = ''] = rest;
  const value = valueOf(body);
  return {
    segments: { userId, extension, phoneCallId },
    trailingSlash: rest.at(-1) === '',
    action: isObject(value) ? value : undefined,
    text: body,
    authorization: headers.authorization,
    mediaType: headers['content-type'],
  };
}

/** Returns a function that finds broken parts by the patterns and constants of the contract. */
export function brokenParts(contract: Contract): BrokenParts {
  const transfer = operationById(contract, 'transferPhoneCall');
  const constraints = listConstraints(contract, transfer);
  const mediaType = transfer.body?.content[0]?.name;
  const found = new WeakMap<SentRequest, readonly string[]>();
  const find = (request: SentRequest) => {
    const read = readRequest(request);
    const parts = constraints.filter((constraint) => isBroken(constraint, read)).map(({ name }) => name);
    if (read.action === undefined) parts.push('body');
    if (read.mediaType?.split(';')[0]?.trim() !== mediaType) parts.push('media type');
    if (!/^Bearer \S+$/.test(read.authorization ?? '')) parts.push('authorization');
    return parts;
  };
  // The catalogue asks about each request once for every breach.
  return (request) => {
    const parts = found.get(request) ?? find(request);
    found.set(request, parts);
    return parts;
  };
}

/** Parses a body as JSON; undefined if it is missing or malformed. */
export function valueOf(body: string | undefined): JsonValue | undefined {
  try {
    return JSON.parse(body ?? '') as JsonValue;
  } catch {
    return undefined;
  }
}

function isBroken({ place, name, schema, required }: Constraint, { segments, action }: ReadRequest): boolean {
  if (place === 'path') {
    const { [name]: segment = '' } = segments;
    return !fits(schema, decodeSegment(segment) ?? segment);
  }
  // An unreadable body is one broken part, not one for each property.
  if (action === undefined) return false;
  return Object.hasOwn(action, name) ? !fits(schema, action[name] ?? null) : required;
}

function fits({ const: constant, pattern }: JsonObject, value: JsonValue): boolean {
  if (constant !== undefined) return value === constant;
  return typeof value === 'string' && (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(value));
}
