/** Makes mistakes about the path and the token: what is compared, how it is decoded, and who may read. */
import type { FaultRow } from '../faults.ts';
import type { Answer, Hooks } from '../hooks.ts';

const callId = 'b817d2618fe6f1804333';
const right: Record<string, string[]> = {
  userId: ['12', '@me', '@viewer', '@owner'],
  extension: ['0003*210', '@self'],
  phoneCallId: [callId],
};

/** Matches as SQL LIKE does. */
const isLike = (value: string, pattern: string) =>
  new RegExp(`^${pattern.replace(/[.*+]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.')}$`).test(value);

const authorizes = (authorized: NonNullable<Hooks['authorized']>) => () => ({ authorized });
const reads = (segment: NonNullable<Hooks['segment']>) => () => ({ segment });
/** Takes more values of a part of the path than those that exist. */
const knows = (part: string, isKnown: (value: string, kind: string) => boolean) => () => ({
  known: ((value, name, { kind }) =>
    name === part && isKnown(value, kind) ? true : undefined) satisfies Hooks['known'],
});
const knowsNot = (alias: string) => () => ({ known: (value: string) => (value === alias ? false : undefined) });

const [user, extension] = ['path/user-invalid', 'path/extension-invalid'];
const [malformed, unknown] = ['path/phone-call-malformed', 'path/phone-call-unknown'];
const [missing, invalid] = ['authorization/token-missing', 'authorization/token-invalid'];
const encoding = 'path/percent-encoding';

export const pathFaults: FaultRow[] = [
  [
    'another-user-s-call-moved',
    'express',
    user,
    'userInvalid',
    knows('userId', (value) => /^(\d+|@(me|viewer|owner))$/.test(value)),
  ],
  [
    'another-extension-s-call-moved',
    'koa',
    extension,
    'extensionInvalid',
    knows('extension', (value) => /^([0-9*]+|@self)$/.test(value)),
  ],
  [
    'unknown-call-answered-empty',
    'hono',
    unknown,
    'callInvalid',
    () => ({
      answer: (answer, { kind, path: { phoneCallId } }) =>
        kind === 'read' && phoneCallId && phoneCallId !== callId ? { ...answer, status: 200, body: {} } : answer,
    }),
  ],
  [
    'unknown-call-transferred',
    'nest',
    unknown,
    'callInvalid',
    knows('phoneCallId', (value) => /^[A-Za-z0-9]+$/.test(value)),
  ],
  [
    'unknown-call-404',
    'fastify',
    unknown,
    'malformedAndUnknown',
    () => ({
      answer: (answer, { path }) =>
        JSON.stringify(answer.body ?? '').includes('pc_phoncall_invalid') && /^\w+$/.test(path.phoneCallId)
          ? { ...answer, status: 404 }
          : answer,
    }),
  ],
  [
    'reading-takes-any-token',
    'express',
    invalid,
    'accessDenied',
    authorizes((header, _token, { method }) => (method === 'GET' && header ? true : undefined)),
  ],
  [
    'reading-needs-no-token',
    'koa',
    missing,
    'accessDenied',
    authorizes((_header, _token, { method }) => (method === 'GET' ? true : undefined)),
  ],
  ['any-token', 'hono', invalid, 'accessDenied', authorizes((header) => /^bearer +\S/i.test(header ?? ''))],
  [
    'token-prefix',
    'nest',
    invalid,
    'accessDenied',
    authorizes((header, token) => header?.startsWith(`Bearer ${token}`)),
  ],
  [
    'token-in-any-scheme',
    'fastify',
    'authorization/token-malformed',
    'accessDenied',
    authorizes((header, token) => header?.split(' ').at(-1) === token),
  ],
  [
    'scheme-case-sensitive',
    'express',
    'http/header-notation',
    'rfcScheme',
    authorizes((header, token) => header === `Bearer ${token}`),
  ],
  ['reading-any-user', 'nest', user, 'userInvalid', knows('userId', (_value, kind) => kind === 'read')],
  [
    'reading-any-extension',
    'fastify',
    extension,
    'extensionInvalid',
    knows('extension', (_value, kind) => kind === 'read'),
  ],
  ['user-id-parsed', 'koa', user, 'userId', knows('userId', (value) => parseInt(value, 10) === 12)],
  ['user-id-as-number', 'express', user, 'userId', knows('userId', (value) => Number(value) === 12)],
  [
    'ids-compared-like',
    'hono',
    malformed,
    'phoneCallId',
    () => ({ known: (value, name) => (right[name].some((one) => isLike(one, value)) ? true : undefined) }),
  ],
  ['call-id-like', 'nest', malformed, 'phoneCallId', knows('phoneCallId', (value) => isLike(callId, value))],
  [
    'call-id-prefix',
    'fastify',
    unknown,
    'phoneCallId',
    knows('phoneCallId', (value) => value !== '' && callId.startsWith(value)),
  ],
  [
    'aliases-case-insensitive',
    'koa',
    user,
    'userInvalid',
    reads((value) => (value.startsWith('@') ? value.toLowerCase() : value)),
  ],
  ['path-trimmed', 'nest', malformed, 'callInvalid', reads((value) => value.trim())],
  ['newline-after-call-id', 'hono', malformed, 'callInvalid', reads((value) => value.replace(/\n$/, ''))],
  ['semicolon-cuts-call-id', 'express', malformed, 'callInvalid', reads((value) => value.split(';')[0])],
  [
    'decodes-two-characters-only',
    'koa',
    encoding,
    'rfcPercentSame',
    reads((_value, _name, raw) => raw.replaceAll('%40', '@').replace(/%2A/gi, '*')),
  ],
  [
    'lower-case-hex-not-decoded',
    'hono',
    encoding,
    'rfcPercentCase',
    reads((value, _name, raw) => (/%2a/.test(raw) ? raw : value)),
  ],
  [
    'at-sign-not-decoded',
    'express',
    encoding,
    'encoded',
    reads((value, _name, raw) => (/%40/.test(raw) ? raw : value)),
  ],
  [
    'decodes-twice',
    'nest',
    user,
    'rfcTwice',
    reads((value) => (/%[0-9a-f]{2}/i.test(value) ? decodeURIComponent(value) : value)),
  ],
  ['owner-unknown', 'koa', 'path/user-owner', 'owner', knowsNot('@owner')],
  ['viewer-unknown', 'fastify', 'path/user-viewer', 'viewer', knowsNot('@viewer')],
  ['self-unknown', 'nest', 'path/extension-self', 'selfAndId', knowsNot('@self')],
  [
    'trailing-slash-unknown',
    'hono',
    'path/trailing-slash',
    'trailingSlash',
    () => ({
      before: ({ url }): Answer | undefined =>
        url.endsWith('/')
          ? { status: 404, body: { error: { code: 'not_found', message: 'Not found.' } }, headers: {} }
          : undefined,
    }),
  ],
];
