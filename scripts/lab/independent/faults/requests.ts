/** Makes mistakes about the body and the head of a request: what is refused without need, and what is not. */
import type { FaultTable } from '../faults.ts';
import type { Answer, Head, NumberName } from '../hooks.ts';

const refusal = (status: number, code: string): Answer => ({
  status,
  body: { error: { code, message: 'The request is refused.' } },
  headers: {},
});
const unread = (message: string) => Object.assign(new Error(message), { status: 400, code: 'pc_sendcallto_invalid' });
const names: NumberName[] = ['sendCallTo', 'transferFromNumber', 'transferNumber'];

/** Parses a body and refuses it when its text does not look as one client writes it. */
const parseOnly = (isRefused: (text: string) => boolean) => () => ({
  parse(text: string) {
    if (isRefused(text)) throw unread('The body is malformed.');
    return JSON.parse(text || '{}');
  },
});
/** Refuses requests by their head. */
const refuseWhen = (isRefused: (head: Head) => boolean, status: number, code: string) => () => ({
  before: (head: Head) => (isRefused(head) ? refusal(status, code) : undefined),
});
/** Takes every value that a pattern finds, whatever its type. */
const looks = (pattern: RegExp) => () => ({ number: (value: unknown) => pattern.test(String(value)) });

export const requestFaults: FaultTable = {
  'members-case-insensitive': [
    'koa',
    'sendCallToInvalid',
    () => ({
      body: (body) =>
        Object.fromEntries(
          Object.entries(body as object).map(([key, value]) => [
            ['action', ...names].find((name) => name.toLowerCase() === key.toLowerCase()) ?? key,
            value,
          ]),
        ),
    }),
  ],
  'action-case-insensitive': [
    'hono',
    'action',
    () => ({
      body: (body) => {
        const { action } = (body ?? {}) as { action?: unknown };
        return /^transfer$/i.test(String(action)) ? { ...(body as object), action: 'Transfer' } : body;
      },
    }),
  ],
  'action-not-checked': [
    'express',
    'action',
    () => ({ body: (body) => ({ ...(body as object), action: 'Transfer' }) }),
  ],
  'action-prefix': [
    'nest',
    'stringAction',
    () => ({
      body: (body) =>
        String((body as { action?: unknown } | undefined)?.action).startsWith('Transfer')
          ? { ...(body as object), action: 'Transfer' }
          : body,
    }),
  ],
  'values-trimmed': [
    'nest',
    'sendCallToInvalid',
    () => ({
      body: (body) =>
        Object.fromEntries(
          Object.entries((body ?? {}) as object).map(([key, value]) => [
            key,
            typeof value === 'string' ? value.trim() : value,
          ]),
        ),
    }),
  ],
  'members-in-one-order': [
    'hono',
    'rfcJsonOrder',
    parseOnly((text) => text.indexOf('"action"') > text.indexOf('"sendCallTo"')),
  ],
  'white-space-refused': ['koa', 'rfcJsonSpace', parseOnly((text) => /[\t\r]|\n\n|" :/.test(text))],
  'escapes-refused': ['hono', 'rfcJsonEscape', parseOnly((text) => text.includes('\\u'))],
  'unknown-members-refused': [
    'express',
    'olderClients',
    () => ({
      number: (value, name) => (name === 'sendCallTo' && value === undefined ? false : undefined),
      body: (body) => {
        if (Object.keys((body ?? {}) as object).some((key) => !['action', ...names].includes(key)))
          throw unread('The body has unknown members.');
        return body;
      },
    }),
  ],
  'accept-any-refused': [
    'express',
    'rfcAcceptAny',
    refuseWhen(({ headers }) => /\*/.test(String(headers.accept)), 406, 'not_acceptable'),
  ],
  'accept-required': [
    'koa',
    'rfcAcceptAny',
    refuseWhen(({ headers }) => !/json/.test(String(headers.accept)), 406, 'not_acceptable'),
  ],
  'media-type-with-charset-refused': [
    'nest',
    'contentType',
    refuseWhen(
      ({ method, headers }) => method === 'PUT' && /;/.test(String(headers['content-type'])),
      415,
      'media_type',
    ),
  ],
  'media-type-case-sensitive': [
    'hono',
    'rfcMediaCase',
    refuseWhen(
      ({ headers }) =>
        headers['content-type'] !== undefined && !String(headers['content-type']).startsWith('application/json'),
      415,
      'media_type',
    ),
  ],
  'chunked-body-missing': [
    'fastify',
    'rfcChunked',
    refuseWhen(
      ({ method, headers }) => method === 'PUT' && headers['content-length'] === undefined,
      400,
      'pc_sendcallto_invalid',
    ),
  ],
  'no-body-fails': [
    'hono',
    'sendCallToInvalid',
    refuseWhen(
      ({ method, headers }) => method === 'PUT' && headers['content-type'] === undefined,
      500,
      'internal_server_error',
    ),
  ],
  'null-body-fails': [
    'koa',
    'sendCallToInvalid',
    () => ({
      parse: (text) => {
        if (!text.trim().startsWith('{')) throw new TypeError("Cannot read properties of null (reading 'action')");
        return JSON.parse(text);
      },
    }),
  ],
  'numbers-multiline': ['express', 'sendCallToInvalid', looks(/^(\+?[0-9]+|[0-9*]+)$/m)],
  'numbers-begin-only': ['koa', 'transferFromInvalid', looks(/^[+0-9*]/)],
  'numbers-end-only': ['nest', 'sendCallToInvalid', looks(/[0-9*]+$/)],
  'trailing-newline': ['hono', 'transferNumberInvalid', looks(/^(\+?[0-9]+|[0-9*]+)\n?$/)],
  'empty-number': ['nest', 'sendCallToInvalid', looks(/^(\+?[0-9]*|[0-9*]*)$/)],
  'number-type-accepted': ['koa', 'sendCallToInvalid', looks(/^(\+?[0-9]+|[0-9*]+)$/)],
  'number-type-coerced': ['fastify', 'sendCallToInvalid', { coerced: true }],
  'list-accepted': [
    'express',
    'transferFromInvalid',
    () => ({ number: (value) => (Array.isArray(value) && value.length === 1 ? true : undefined) }),
  ],
  'null-transfer-number': [
    'hono',
    'transferNumberInvalid',
    () => ({ number: (value, name) => (name === 'transferNumber' && value === null ? true : undefined) }),
  ],
  'plus-anywhere': ['express', 'numberContract', looks(/^[+0-9*]+$/)],
  'other-digits': [
    'nest',
    'numberContract',
    () => ({ number: (v) => typeof v === 'string' && /^(\+?\p{Nd}+|[\p{Nd}*]+)$/u.test(v) }),
  ],
  'star-refused': ['nest', 'exampleNumber', looks(/^\+?[0-9]+$/)],
  'star-refused-as-target': [
    'koa',
    'bothValid',
    () => ({ number: (value, name) => (name === 'sendCallTo' && String(value).includes('*') ? false : undefined) }),
  ],
  'public-number-refused': [
    'hono',
    'bothValid',
    () => ({ number: (value, name) => (name === 'sendCallTo' && !String(value).includes('*') ? false : undefined) }),
  ],
  'short-number-refused': [
    'express',
    'sendCallTo',
    () => ({ number: (value, name) => (name === 'sendCallTo' && /^\d{1,9}$/.test(String(value)) ? false : undefined) }),
  ],
  'transfer-number-required-as-sendcallto': [
    'express',
    'transferNumberOptional',
    () => ({
      body: (body) => {
        const asked = (body ?? {}) as Record<string, unknown>;
        return asked.action === 'Transfer' && asked.transferNumber === undefined ? { ...asked, sendCallTo: '' } : body;
      },
    }),
  ],
  'transfer-number-not-checked': [
    'koa',
    'transferNumberInvalid',
    () => ({ number: (_value, name) => (name === 'transferNumber' ? true : undefined) }),
  ],
  'transfer-from-optional': [
    'hono',
    'transferFromInvalid',
    () => ({ number: (value, name) => (name === 'transferFromNumber' && value === undefined ? true : undefined) }),
  ],
  'long-number-fails': [
    'nest',
    'sendCallTo',
    () => ({
      number: (value) => {
        if (String(value).length > 15) throw new RangeError('value too long for type character varying(15)');
        return undefined;
      },
    }),
  ],
};
