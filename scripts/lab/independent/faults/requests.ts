/** Makes mistakes about the body and the head of a request: what is refused without need, and what is not. */
import type { FaultRow } from '../faults.ts';
import type { Head, Hooks, NumberName } from '../hooks.ts';

type Members = Record<string, unknown>;

const unread = (message: string) => Object.assign(new Error(message), { status: 400, code: 'pc_sendcallto_invalid' });
const names: NumberName[] = ['sendCallTo', 'transferFromNumber', 'transferNumber'];
const known = ['action', ...names];

/** Changes the members of a body before they are checked. */
const changes = (change: (body: Members) => Members) => () => ({
  body: (body: unknown) => change((body ?? {}) as Members),
});
const changesAction = (isTransfer: (action: string) => boolean) =>
  changes((body) => (isTransfer(String(body.action)) ? { ...body, action: 'Transfer' } : body));
const mapEntries = (map: (key: string, value: unknown) => [string, unknown]) =>
  changes((body) => Object.fromEntries(Object.entries(body).map(([key, value]) => map(key, value))));
/** Parses a body and refuses it when its text does not look as one client writes it. */
const parseOnly = (isRefused: (text: string) => boolean) => () => ({
  parse(text: string) {
    if (isRefused(text)) throw unread('The body is malformed.');
    return JSON.parse(text || '{}');
  },
});
/** Refuses requests by their head. */
const refuseWhen = (isRefused: (head: Head) => boolean, status: number, code: string) => () => ({
  before: (head: Head) =>
    isRefused(head)
      ? { status, body: { error: { code, message: 'The request is refused.' } }, headers: {} }
      : undefined,
});
/** Takes every value that a pattern finds, whatever its type. */
const looks = (pattern: RegExp) => () => ({ number: (value: unknown) => pattern.test(String(value)) });
/** Decides about the values of one member, or of all. */
const judges = (member: NumberName | undefined, isMeant: (value: unknown) => boolean, verdict: boolean) => () => ({
  number: ((value, name) =>
    (member ?? name) === name && isMeant(value) ? verdict : undefined) satisfies Hooks['number'],
});

const [sendCallTo, transferFrom] = ['body/send-call-to-invalid', 'body/transfer-from-invalid'];
const [transferNumber, action, json] = ['body/transfer-number-invalid', 'body/action', 'body/json-notation'];
const header = 'http/header-notation';
const isMissing = (value: unknown) => value === undefined;

export const requestFaults: FaultRow[] = [
  [
    'members-case-insensitive',
    'koa',
    'body/send-call-to-missing',
    'sendCallToInvalid',
    mapEntries((key, value) => [known.find((name) => name.toLowerCase() === key.toLowerCase()) ?? key, value]),
  ],
  ['action-case-insensitive', 'hono', action, 'action', changesAction((text) => /^transfer$/i.test(text))],
  ['action-not-checked', 'express', action, 'action', changesAction(() => true)],
  ['action-prefix', 'nest', action, 'stringAction', changesAction((text) => text.startsWith('Transfer'))],
  [
    'values-trimmed',
    'nest',
    sendCallTo,
    'sendCallToInvalid',
    mapEntries((key, value) => [key, typeof value === 'string' ? value.trim() : value]),
  ],
  [
    'members-in-one-order',
    'hono',
    json,
    'rfcJsonOrder',
    parseOnly((text) => text.indexOf('"action"') > text.indexOf('"sendCallTo"')),
  ],
  ['white-space-refused', 'koa', json, 'rfcJsonSpace', parseOnly((text) => /[\t\r]|\n\n|" :/.test(text))],
  ['escapes-refused', 'hono', json, 'rfcJsonEscape', parseOnly((text) => text.includes('\\u'))],
  [
    'unknown-members-refused',
    'express',
    'body/unknown-members',
    'olderClients',
    changes((body) => {
      if (Object.keys(body).some((key) => !known.includes(key))) throw unread('The body has unknown members.');
      return body;
    }),
  ],
  [
    'accept-any-refused',
    'express',
    header,
    'rfcAcceptAny',
    refuseWhen(({ headers }) => /\*/.test(String(headers.accept)), 406, 'not_acceptable'),
  ],
  [
    'accept-required',
    'koa',
    header,
    'rfcAcceptAny',
    refuseWhen(({ headers }) => !/json/.test(String(headers.accept)), 406, 'not_acceptable'),
  ],
  [
    'media-type-with-charset-refused',
    'nest',
    'success/status',
    'contentType',
    refuseWhen(({ headers }) => /;/.test(String(headers['content-type'])), 415, 'media_type'),
  ],
  [
    'media-type-case-sensitive',
    'hono',
    header,
    'rfcMediaCase',
    refuseWhen(
      ({ headers }) =>
        /application\/json/i.test(String(headers['content-type'])) &&
        !/application\/json/.test(String(headers['content-type'])),
      415,
      'media_type',
    ),
  ],
  [
    'chunked-body-missing',
    'fastify',
    header,
    'rfcChunked',
    refuseWhen(
      ({ method, headers }) => method === 'PUT' && headers['content-length'] === undefined,
      400,
      'pc_sendcallto_invalid',
    ),
  ],
  [
    'no-body-fails',
    'hono',
    'body/unreadable',
    'sendCallToInvalid',
    refuseWhen(
      ({ method, headers }) => method === 'PUT' && headers['content-type'] === undefined,
      500,
      'internal_server_error',
    ),
  ],
  [
    'null-body-fails',
    'koa',
    'body/unreadable',
    'sendCallToInvalid',
    () => ({
      parse: (text) => {
        if (!text.trim().startsWith('{')) throw new TypeError("Cannot read properties of null (reading 'action')");
        return JSON.parse(text);
      },
    }),
  ],
  ['numbers-multiline', 'express', sendCallTo, 'sendCallToInvalid', looks(/^(\+?[0-9]+|[0-9*]+)$/m)],
  ['numbers-begin-only', 'koa', transferFrom, 'transferFromInvalid', looks(/^[+0-9*]/)],
  ['numbers-end-only', 'nest', sendCallTo, 'sendCallToInvalid', looks(/[0-9*]+$/)],
  ['trailing-newline', 'hono', transferNumber, 'transferNumberInvalid', looks(/^(\+?[0-9]+|[0-9*]+)\n?$/)],
  ['empty-number', 'nest', sendCallTo, 'sendCallToInvalid', looks(/^(\+?[0-9]*|[0-9*]*)$/)],
  ['number-type-accepted', 'koa', sendCallTo, 'sendCallToInvalid', looks(/^(\+?[0-9]+|[0-9*]+)$/)],
  ['number-type-coerced', 'fastify', sendCallTo, 'sendCallToInvalid', { coerced: true }],
  [
    'list-accepted',
    'express',
    transferFrom,
    'transferFromInvalid',
    judges(undefined, (value) => Array.isArray(value) && value.length === 1, true),
  ],
  [
    'null-transfer-number',
    'hono',
    transferNumber,
    'transferNumberInvalid',
    judges('transferNumber', (value) => value === null, true),
  ],
  ['plus-anywhere', 'express', sendCallTo, 'numberContract', looks(/^[+0-9*]+$/)],
  [
    'other-digits',
    'nest',
    sendCallTo,
    'numberContract',
    judges(undefined, (value) => typeof value === 'string' && /^(\+?\p{Nd}+|[\p{Nd}*]+)$/u.test(value), true),
  ],
  ['star-refused', 'nest', 'success/status', 'exampleNumber', looks(/^\+?[0-9]+$/)],
  [
    'star-refused-as-target',
    'koa',
    'body/send-call-to-extension',
    'bothValid',
    judges('sendCallTo', (value) => String(value).includes('*'), false),
  ],
  [
    'public-number-refused',
    'hono',
    'body/send-call-to-public-number',
    'bothValid',
    judges('sendCallTo', (value) => !String(value).includes('*'), false),
  ],
  [
    'short-number-refused',
    'express',
    'success/status',
    'sendCallTo',
    judges('sendCallTo', (value) => /^\d{1,9}$/.test(String(value)), false),
  ],
  [
    'transfer-number-required-as-sendcallto',
    'express',
    'body/transfer-number-left-out',
    'transferNumberOptional',
    changes((body) =>
      body.action === 'Transfer' && isMissing(body.transferNumber) ? { ...body, sendCallTo: '' } : body,
    ),
  ],
  [
    'transfer-number-not-checked',
    'koa',
    transferNumber,
    'transferNumberInvalid',
    judges('transferNumber', () => true, true),
  ],
  [
    'transfer-from-optional',
    'hono',
    'body/transfer-from-missing',
    'transferFromInvalid',
    judges('transferFromNumber', isMissing, true),
  ],
  [
    'long-number-fails',
    'nest',
    sendCallTo,
    'sendCallTo',
    () => ({
      number: (value) => {
        if (String(value).length > 15) throw new RangeError('value too long for type character varying(15)');
        return undefined;
      },
    }),
  ],
];
