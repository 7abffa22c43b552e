import { type Contract, type Operation, operationById } from '../contract/contract.ts';
import { type Constraint, listConstraints } from '../contract/constraints.ts';
import { type JsonObject, type JsonValue, isObject, parseIfJson } from '../contract/json.ts';
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
  ['not-json', 'that is not JSON', (text) => text !== undefined && text !== '' && parseIfJson(text) === undefined],
  ['array', 'that is an array', (text) => Array.isArray(parseIfJson(text))],
  ['null', 'that is null', (text) => parseIfJson(text) === null],
  ['text', 'that is a JSON string', (text) => typeof parseIfJson(text) === 'string'],
  ['number', 'that is a number', (text) => typeof parseIfJson(text) === 'number'],
];

const headers: readonly Row<Predicate<string | undefined>>[] = [
  ['missing', 'without a token', (header) => header === undefined || header.trim() === ''],
  ['scheme-only', 'with the scheme only', (header) => header?.trim() === 'Bearer'],
  ['basic', 'with the scheme Basic', (header) => /^Basic\b/.test(header ?? '')],
  ['other-scheme', 'with an unknown scheme', (header) => /^(?!Bearer\b|Basic\b)\w+ \S/.test(header ?? '')],
  ['no-scheme', 'with a token without a scheme', (header) => /^(?!Bearer$)\S+$/.test(header ?? '')],
];

/** Returns the wrong answers that accept a breach: a request that must be refused. */
export function acceptedBreaches(contract: Contract): WrongAnswer[] {
  const transfer = operationById(contract, 'transferPhoneCall');
  const accept = accepting(transfer);
  const findBrokenParts = brokenParts(contract);
  const breaks = (exchange: Exchange) => (isRefusedTransfer(exchange) ? findBrokenParts(exchange.request) : []);
  const breaksOnly = (part: string) => (exchange: Exchange) => breaks(exchange).join() === part;
  const isUnknown =
    (code = '') =>
    (exchange: Exchange) =>
      refusedWith(code)(exchange) && breaks(exchange).length === 0;
  function acceptEach<Subject>(
    subject: string,
    kinds: readonly Row<Predicate<Subject>>[],
    read: (request: ReadRequest) => Subject,
  ): Row<Change>[] {
    return kinds.map(([name, says, is]) => [
      name,
      `${subject} ${says} is accepted.`,
      (exchange) => (is(read(readRequest(exchange.request))) ? accept(exchange) : undefined),
    ]);
  }
  const ofConstraint = ({ place, name, errorCode, required, schema }: Constraint): WrongAnswer[] => {
    const id = `accepts-${name}`;
    if (place === 'path') {
      return [
        ...family(id, needs, breaksOnly(name), [['malformed', `A malformed ${name} is accepted.`, accept]]),
        ...family(id, needs, isUnknown(errorCode), [['unknown', `A ${name} that names nothing is accepted.`, accept]]),
      ];
    }
    const kinds = values.filter(
      ([kind]) => (kind !== 'missing' || required) && (kind !== 'other-digits' || schema.pattern !== undefined),
    );
    return family(
      id,
      needs,
      breaksOnly(name),
      acceptEach(`A ${name}`, kinds, ({ action }) => action?.[name]),
    );
  };
  return [
    ...listConstraints(contract, transfer).flatMap(ofConstraint),
    ...family(
      'accepts-body',
      needs,
      breaksOnly('body'),
      acceptEach('A body', bodies, ({ text }) => text),
    ),
    ...family('accepts-body', needs, breaksOnly('media type'), [
      ['other-media-type', 'A body that is not declared as JSON is accepted.', accept],
    ]),
    ...family(
      'accepts-authorization',
      needs,
      breaksOnly('authorization'),
      acceptEach('A request', headers, ({ authorization }) => authorization),
    ),
    ...transfer.security.flatMap(({ errorCode }) =>
      family('accepts-authorization', 'a token that is named', isUnknown(errorCode), [
        ['invalid-token', 'A token that was never issued is accepted.', accept],
      ]),
    ),
    ...family('accepts-several-faults', needs, (exchange) => breaks(exchange).length > 1, [
      ['all', 'A request with several faults is accepted.', accept],
    ]),
  ];
}

/** Answers with the success that the contract shows, for the call that the request names. */
function accepting({ responses }: Operation): Change {
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

export function readRequest({ path, headers, body }: SentRequest): ReadRequest {
  const rest = path.slice(path.indexOf('/uapi/phoneCalls/')).split('/').slice(3);
  const [userId = '', extension = '', phoneCallId = ''] = rest;
  const value = parseIfJson(body);
  return {
    segments: { userId, extension, phoneCallId },
    trailingSlash: rest.at(-1) === '',
    action: isObject(value) ? value : undefined,
    text: body,
    authorization: headers.authorization,
    mediaType: headers['content-type'],
  };
}

/** Returns a function that names the broken parts of a transfer: parameters, `body`, `media type`, `authorization`. */
function brokenParts(contract: Contract): (request: SentRequest) => readonly string[] {
  const transfer = operationById(contract, 'transferPhoneCall');
  const constraints = listConstraints(contract, transfer);
  const mediaType = transfer.body?.content[0]?.name;
  const found = new WeakMap<SentRequest, readonly string[]>();
  // The catalogue asks about each request once for every breach.
  return (request) => {
    const known = found.get(request);
    if (known !== undefined) return known;
    const read = readRequest(request);
    const parts = constraints.filter((constraint) => isBroken(constraint, read)).map(({ name }) => name);
    if (read.action === undefined) parts.push('body');
    if (read.mediaType?.split(';')[0]?.trim() !== mediaType) parts.push('media type');
    if (!/^Bearer \S+$/.test(read.authorization ?? '')) parts.push('authorization');
    found.set(request, parts);
    return parts;
  };
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
