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
    'body/send-call-to-missing',
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
    'body/action',
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
    'body/action',
    'action',
    () => ({ body: (body) => ({ ...(body as object), action: 'Transfer' }) }),
  ],
  'action-prefix': [
    'nest',
    'body/action',
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
    'body/send-call-to-invalid',
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
    'body/json-notation',
    'rfcJsonOrder',
    parseOnly((text) => text.indexOf('"action"') > text.indexOf('"sendCallTo"')),
  ],
  'white-space-refused': [
    'koa',
    'body/json-notation',
    'rfcJsonSpace',
    parseOnly((text) => /[\t\r]|\n\n|" :/.test(text)),
  ],
  'escapes-refused': ['hono', 'body/json-notation', 'rfcJsonEscape', parseOnly((text) => text.includes('\\u'))],
  'unknown-members-refused': [
    'express',
    'body/unknown-members',
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
    'http/header-notation',
    'rfcAcceptAny',
    refuseWhen(({ headers }) => /\*/.test(String(headers.accept)), 406, 'not_acceptable'),
  ],
  'accept-required': [
    'koa',
    'http/header-notation',
    'rfcAcceptAny',
    refuseWhen(({ headers }) => !/json/.test(String(headers.accept)), 406, 'not_acceptable'),
  ],
  'media-type-with-charset-refused': [
    'nest',
    'success/status',
    'contentType',
    refuseWhen(
      ({ method, headers }) => method === 'PUT' && /;/.test(String(headers['content-type'])),
      415,
      'media_type',
    ),
  ],
  'media-type-case-sensitive': [
    'hono',
    'http/header-notation',
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
    'http/header-notation',
    'rfcChunked',
    refuseWhen(
      ({ method, headers }) => method === 'PUT' && headers['content-length'] === undefined,
      400,
      'pc_sendcallto_invalid',
    ),
  ],
  'no-body-fails': [
    'hono',
    'body/unreadable',
    'sendCallToInvalid',
    refuseWhen(
      ({ method, headers }) => method === 'PUT' && headers['content-type'] === undefined,
      500,
      'internal_server_error',
    ),
  ],
  'null-body-fails': [
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
  'numbers-multiline': ['express', 'body/send-call-to-invalid', 'sendCallToInvalid', looks(/^(\+?[0-9]+|[0-9*]+)$/m)],
  'numbers-begin-only': ['koa', 'body/transfer-from-invalid', 'transferFromInvalid', looks(/^[+0-9*]/)],
  'numbers-end-only': ['nest', 'body/send-call-to-invalid', 'sendCallToInvalid', looks(/[0-9*]+$/)],
  'trailing-newline': [
    'hono',
    'body/transfer-number-invalid',
    'transferNumberInvalid',
    looks(/^(\+?[0-9]+|[0-9*]+)\n?$/),
  ],
  'empty-number': ['nest', 'body/send-call-to-invalid', 'sendCallToInvalid', looks(/^(\+?[0-9]*|[0-9*]*)$/)],
  'number-type-accepted': ['koa', 'body/send-call-to-invalid', 'sendCallToInvalid', looks(/^(\+?[0-9]+|[0-9*]+)$/)],
  'number-type-coerced': ['fastify', 'body/send-call-to-invalid', 'sendCallToInvalid', { coerced: true }],
  'list-accepted': [
    'express',
    'body/transfer-from-invalid',
    'transferFromInvalid',
    () => ({ number: (value) => (Array.isArray(value) && value.length === 1 ? true : undefined) }),
  ],
  'null-transfer-number': [
    'hono',
    'body/transfer-number-invalid',
    'transferNumberInvalid',
    () => ({ number: (value, name) => (name === 'transferNumber' && value === null ? true : undefined) }),
  ],
  'plus-anywhere': ['express', 'body/send-call-to-invalid', 'numberContract', looks(/^[+0-9*]+$/)],
  'other-digits': [
    'nest',
    'body/send-call-to-invalid',
    'numberContract',
    () => ({ number: (v) => typeof v === 'string' && /^(\+?\p{Nd}+|[\p{Nd}*]+)$/u.test(v) }),
  ],
  'star-refused': ['nest', 'success/status', 'exampleNumber', looks(/^\+?[0-9]+$/)],
  'star-refused-as-target': [
    'koa',
    'body/send-call-to-extension',
    'bothValid',
    () => ({ number: (value, name) => (name === 'sendCallTo' && String(value).includes('*') ? false : undefined) }),
  ],
  'public-number-refused': [
    'hono',
    'body/send-call-to-public-number',
    'bothValid',
    () => ({ number: (value, name) => (name === 'sendCallTo' && !String(value).includes('*') ? false : undefined) }),
  ],
  'short-number-refused': [
    'express',
    'body/send-call-to-public-number',
    'sendCallTo',
    () => ({ number: (value, name) => (name === 'sendCallTo' && /^\d{1,9}$/.test(String(value)) ? false : undefined) }),
  ],
  'transfer-number-required-as-sendcallto': [
    'express',
    'body/transfer-number-left-out',
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
    'body/transfer-number-invalid',
    'transferNumberInvalid',
    () => ({ number: (_value, name) => (name === 'transferNumber' ? true : undefined) }),
  ],
  'transfer-from-optional': [
    'hono',
    'body/transfer-from-missing',
    'transferFromInvalid',
    () => ({ number: (value, name) => (name === 'transferFromNumber' && value === undefined ? true : undefined) }),
  ],
  'long-number-fails': [
    'nest',
    'body/send-call-to-invalid',
    'sendCallTo',
    () => ({
      number: (value) => {
        if (String(value).length > 15) throw new RangeError('value too long for type character varying(15)');
        return undefined;
      },
    }),
  ],
};
