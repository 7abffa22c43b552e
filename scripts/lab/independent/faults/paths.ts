/** Makes mistakes about the path and the token: what is compared, how it is decoded, and who may read. */
import type { FaultTable } from '../faults.ts';
import type { Answer } from '../hooks.ts';

const callId = 'b817d2618fe6f1804333';
const right: Record<string, string[]> = {
  userId: ['12', '@me', '@viewer', '@owner'],
  extension: ['0003*210', '@self'],
  phoneCallId: [callId],
};

/** Matches as SQL LIKE does. */
const isLike = (value: string, pattern: string) =>
  new RegExp(`^${pattern.replace(/[.*+]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.')}$`).test(value);

export const pathFaults: FaultTable = {
  'another-user-s-call-moved': [
    'express',
    'path/user-invalid',
    'userInvalid',
    () => ({ known: (value, name) => (name === 'userId' ? /^(\d+|@(me|viewer|owner))$/.test(value) : undefined) }),
  ],
  'another-extension-s-call-moved': [
    'koa',
    'path/extension-invalid',
    'extensionInvalid',
    () => ({ known: (value, name) => (name === 'extension' ? /^([0-9*]+|@self)$/.test(value) : undefined) }),
  ],
  'unknown-call-answered-empty': [
    'hono',
    'path/phone-call-unknown',
    'callInvalid',
    () => ({
      answer: (answer, { kind, path }) =>
        kind === 'read' && path.phoneCallId && path.phoneCallId !== callId
          ? { ...answer, status: 200, body: {} }
          : answer,
    }),
  ],
  'unknown-call-transferred': [
    'nest',
    'path/phone-call-unknown',
    'callInvalid',
    () => ({ known: (value, name) => (name === 'phoneCallId' ? /^[A-Za-z0-9]+$/.test(value) : undefined) }),
  ],
  'unknown-call-404': [
    'fastify',
    'path/phone-call-unknown',
    'malformedAndUnknown',
    () => ({
      answer: (answer, { path }) =>
        JSON.stringify(answer.body ?? '').includes('pc_phoncall_invalid') && /^\w+$/.test(path.phoneCallId)
          ? { ...answer, status: 404 }
          : answer,
    }),
  ],
  'reading-takes-any-token': [
    'express',
    'authorization/token-invalid',
    'accessDenied',
    () => ({ authorized: (header, _token, { method }) => (method === 'GET' && header ? true : undefined) }),
  ],
  'reading-needs-no-token': [
    'koa',
    'authorization/token-missing',
    'accessDenied',
    () => ({ authorized: (_header, _token, { method }) => (method === 'GET' ? true : undefined) }),
  ],
  'any-token': [
    'hono',
    'authorization/token-invalid',
    'accessDenied',
    () => ({ authorized: (header) => /^bearer +\S/i.test(header ?? '') }),
  ],
  'token-prefix': [
    'nest',
    'authorization/token-invalid',
    'accessDenied',
    () => ({ authorized: (header, token) => header?.startsWith(`Bearer ${token}`) }),
  ],
  'token-in-any-scheme': [
    'fastify',
    'authorization/token-malformed',
    'accessDenied',
    () => ({ authorized: (h, token) => h?.split(' ').at(-1) === token }),
  ],
  'scheme-case-sensitive': [
    'express',
    'http/header-notation',
    'rfcScheme',
    () => ({ authorized: (header, token) => header === `Bearer ${token}` }),
  ],
  'reading-any-user': [
    'nest',
    'path/user-invalid',
    'userInvalid',
    () => ({ known: (value, name, { kind }) => (name === 'userId' && kind === 'read' ? true : undefined) }),
  ],
  'reading-any-extension': [
    'fastify',
    'path/extension-invalid',
    'extensionInvalid',
    () => ({ known: (_value, name, { kind }) => (name === 'extension' && kind === 'read' ? true : undefined) }),
  ],
  'user-id-parsed': [
    'koa',
    'path/user-invalid',
    'userId',
    () => ({
      segment: (value, name) =>
        name === 'userId' && !Number.isNaN(parseInt(value, 10)) ? String(parseInt(value, 10)) : value,
    }),
  ],
  'user-id-as-number': [
    'express',
    'path/user-invalid',
    'userId',
    () => ({ known: (value, name) => (name === 'userId' && Number(value) === 12 ? true : undefined) }),
  ],
  'ids-compared-like': [
    'hono',
    'path/phone-call-malformed',
    'phoneCallId',
    () => ({ known: (value, name) => (right[name].some((one) => isLike(one, value)) ? true : undefined) }),
  ],
  'call-id-like': [
    'nest',
    'path/phone-call-malformed',
    'phoneCallId',
    () => ({ known: (value, name) => (name === 'phoneCallId' && isLike(callId, value) ? true : undefined) }),
  ],
  'call-id-prefix': [
    'fastify',
    'path/phone-call-unknown',
    'phoneCallId',
    () => ({
      known: (value, name) => (name === 'phoneCallId' && value && callId.startsWith(value) ? true : undefined),
    }),
  ],
  'aliases-case-insensitive': [
    'koa',
    'path/user-invalid',
    'userInvalid',
    () => ({ segment: (value) => (value.startsWith('@') ? value.toLowerCase() : value) }),
  ],
  'path-trimmed': ['nest', 'path/phone-call-malformed', 'callInvalid', () => ({ segment: (value) => value.trim() })],
  'newline-after-call-id': [
    'hono',
    'path/phone-call-malformed',
    'callInvalid',
    () => ({ segment: (value, name) => (name === 'phoneCallId' ? value.replace(/\n$/, '') : value) }),
  ],
  'null-byte-cuts-call-id': [
    'express',
    'path/phone-call-malformed',
    'callInvalid',
    () => ({ segment: (value) => value.split('\0')[0] }),
  ],
  'decodes-two-characters-only': [
    'koa',
    'path/percent-encoding',
    'rfcPercentSame',
    () => ({ segment: (_value, _name, raw) => raw.replaceAll('%40', '@').replace(/%2A/gi, '*') }),
  ],
  'lower-case-hex-not-decoded': [
    'hono',
    'path/percent-encoding',
    'rfcPercentCase',
    () => ({ segment: (value, _name, raw) => (/%2a/.test(raw) ? raw : value) }),
  ],
  'at-sign-not-decoded': [
    'express',
    'path/percent-encoding',
    'encoded',
    () => ({ segment: (value, _name, raw) => (/%40/.test(raw) ? raw : value) }),
  ],
  'decodes-twice': [
    'nest',
    'path/user-invalid',
    'rfcTwice',
    () => ({ segment: (value) => (/%[0-9a-f]{2}/i.test(value) ? decodeURIComponent(value) : value) }),
  ],
  'owner-unknown': [
    'koa',
    'path/user-owner',
    'owner',
    () => ({ known: (value) => (value === '@owner' ? false : undefined) }),
  ],
  'viewer-unknown': [
    'fastify',
    'path/user-viewer',
    'viewer',
    () => ({ known: (value) => (value === '@viewer' ? false : undefined) }),
  ],
  'self-unknown': [
    'nest',
    'path/extension-self',
    'selfAndId',
    () => ({ known: (value) => (value === '@self' ? false : undefined) }),
  ],
  'trailing-slash-unknown': [
    'hono',
    'path/trailing-slash',
    'trailingSlash',
    () => ({
      before: (head): Answer | undefined =>
        head.url.endsWith('/')
          ? { status: 404, body: { error: { code: 'not_found', message: 'Not found.' } }, headers: {} }
          : undefined,
    }),
  ],
};
