/** Makes mistakes about answers: their codes, their bodies, their links, dates and headers. */
import type { FaultRow } from '../faults.ts';
import type { Answer, Context, Hooks } from '../hooks.ts';

type Body = { error?: { code: string; message: string } } & Record<string, any>;
type OnError = (error: { code: string; message: string }, answer: Answer) => Partial<Answer>;
type OnSuccess = (body: Body, answer: Answer) => Partial<Answer>;

/** Changes the answers with an error body. */
const onError = (change: OnError) => () => ({
  answer(answer: Answer) {
    const error = (answer.body as Body | undefined)?.error;
    return error ? { ...answer, ...change(error, answer) } : answer;
  },
});
/** Changes successful answers. */
const onSuccess = (change: OnSuccess, kind?: Context['kind']) => () => ({
  answer(answer: Answer, context: Context) {
    if (answer.status >= 300 || answer.body === undefined || (kind && context.kind !== kind)) return answer;
    return { ...answer, ...change(structuredClone(answer.body) as Body, answer) };
  },
});
const onTransfer = (change: OnSuccess) => onSuccess(change, 'transfer');
/** Changes the values of all members that a test finds in readings. */
const onValues = (isMeant: (key: string, value: unknown) => boolean, change: (value: any) => unknown) =>
  onSuccess((body) => ({
    body: JSON.parse(JSON.stringify(body), (key, value) => (isMeant(key, value) ? change(value) : value)),
  }));
const onDates = (change: (date: string) => unknown) =>
  onValues((_key, value) => typeof value === 'string' && /^\d{4}-\d\d-/.test(value), change);
const onLink = (change: (self: string) => string) =>
  onTransfer((body) => ({ body: { ...body, link: { self: change(body.link?.self) } } }));
/** Sends codes in place of others. */
const recode = (codes: Record<string, string>) =>
  onError(({ code, message }) => ({ body: { error: { code: codes[code] ?? code, message } } }));

const [from, number] = ['pc_transfer_from_number_invalid', 'pc_transfer_number_invalid'];

/** Answers a transfer with the parties from before. */
const showBefore = (): Hooks => {
  let [source, destination] = ['0003*210', '0003*024'];
  return {
    moved: (parties) => void ([source, destination] = parties),
    answer: (answer, { kind }) => {
      if (kind !== 'transfer' || answer.status !== 200) return answer;
      const view = { id: '01', extension: '0003*210', status: '5', source: [source], destination: [destination] };
      return { ...answer, body: { ...(answer.body as object), phoneCallView: [view] } };
    },
  };
};

const codes = 'path/phone-call-unknown';
const challenge = 'authorization/challenge';

export const answerFaults: FaultRow[] = [
  ['call-code-spelt-right', 'express', codes, 'spelling', recode({ pc_phoncall_invalid: 'pc_phonecall_invalid' })],
  ['access-denided', 'koa', 'errors/codes-by-status', 'accessDenied', recode({ access_denied: 'access_denided' })],
  [
    'codes-swapped',
    'nest',
    'body/transfer-from-invalid',
    'transferFromInvalid',
    recode({ [from]: number, [number]: from }),
  ],
  [
    'transfer-number-code-of-sibling',
    'fastify',
    'body/transfer-number-invalid',
    'transferNumberInvalid',
    recode({ [number]: from }),
  ],
  [
    'user-code-as-extension',
    'express',
    'path/user-invalid',
    'userInvalid',
    recode({ user_invalid: 'extension_invalid' }),
  ],
  [
    'extension-code-as-call',
    'koa',
    'path/extension-invalid',
    'extensionInvalid',
    recode({ extension_invalid: 'pc_phoncall_invalid' }),
  ],
  [
    'one-code-for-all',
    'hono',
    'body/send-call-to-invalid',
    'errorBody',
    onError(({ message }, { status, body }) =>
      status === 400 ? { body: { error: { code: 'bad_request', message } } } : { body },
    ),
  ],
  [
    'codes-in-upper-case',
    'hono',
    codes,
    'callCode',
    onError(({ code, message }) => ({ body: { error: { code: code.toUpperCase(), message } } })),
  ],
  ['error-flat', 'nest', 'errors/body', 'errorBody', onError((error) => ({ body: error }))],
  ['error-a-string', 'fastify', 'errors/body', 'errorBody', onError(({ code: error }) => ({ body: { error } }))],
  [
    'error-without-message',
    'express',
    'errors/body',
    'errorBody',
    onError(({ code }) => ({ body: { error: { code } } })),
  ],
  ['error-in-a-list', 'koa', 'errors/body', 'errorBody', onError((error) => ({ body: { errors: [error] } }))],
  [
    'error-code-a-number',
    'hono',
    'errors/body',
    'errorBody',
    onError(({ message }, { status: code }) => ({ body: { error: { code, message } } })),
  ],
  [
    'error-as-422-detail',
    'express',
    'errors/body',
    'anyError',
    onError(({ code, message }, { status }) =>
      status === 400 ? { status: 422, body: { detail: [{ type: code, msg: message }] } } : {},
    ),
  ],
  ['error-with-200', 'koa', codes, 'callCode', onError(() => ({ status: 200 }))],
  ['error-empty', 'nest', 'errors/body', 'anyError', onError(() => ({ body: undefined }))],
  [
    'error-as-text',
    'hono',
    'errors/body',
    'anyError',
    onError(({ message: body }, { headers }) => ({ body, headers: { ...headers, 'Content-Type': 'text/plain' } })),
  ],
  ['framework-page-express', 'express', 'errors/body', 'anyError', { plainErrors: true }],
  ['framework-page-fastify', 'fastify', 'errors/body', 'errorBody', { plainErrors: true }],
  ['framework-page-koa', 'koa', 'errors/body', 'anyError', { plainErrors: true }],
  ['framework-page-hono', 'hono', 'errors/body', 'anyError', { plainErrors: true }],
  ['framework-page-nest', 'nest', 'errors/body', 'errorBody', { plainErrors: true }],
  ['unauthorized-without-challenge', 'fastify', challenge, 'rfcChallenge', onError(() => ({ headers: {} }))],
  [
    'unauthorized-as-400',
    'nest',
    'authorization/token-missing',
    'accessDenied',
    onError((_error, { status }) => (status === 401 ? { status: 400, headers: {} } : {})),
  ],
  ['shows-the-call-before', 'express', 'success/updated', 'returnsUpdated', showBefore],
  ['answer-without-id', 'fastify', 'success/phone-call', 'onlyId', onTransfer(({ id: _, ...body }) => ({ body }))],
  [
    'answer-id-of-another',
    'hono',
    'success/id',
    'returnsUpdated',
    onTransfer((body) => ({ body: { ...body, id: 'c4d90aa1b7e25f604418' } })),
  ],
  [
    'answer-id-a-number',
    'koa',
    'success/phone-call',
    'onePhoneCall',
    onTransfer((body) => ({ body: { ...body, id: 817 } })),
  ],
  ['answer-in-a-list', 'nest', 'success/phone-call', 'onePhoneCall', onTransfer((body) => ({ body: [body] }))],
  [
    'answer-as-entry',
    'express',
    'success/phone-call',
    'onePhoneCall',
    onTransfer((body) => ({ body: { entry: [body] } })),
  ],
  ['answer-ok-true', 'koa', 'success/phone-call', 'returnsUpdated', onTransfer(() => ({ body: { success: true } }))],
  ['answer-200-empty', 'fastify', 'success/phone-call', 'successIsJson', onTransfer(() => ({ body: undefined }))],
  [
    'answer-as-html',
    'hono',
    'success/media-type',
    'rfcJsonType',
    onSuccess((body) => ({ body: JSON.stringify(body), headers: { 'Content-Type': 'text/html' } })),
  ],
  [
    'nulls-shown',
    'nest',
    'success/no-null-members',
    'nullsLeftOut',
    onSuccess((body) => ({ body: { ...body, answered: null, nonce: null } })),
  ],
  ['created-201', 'express', 'success/status', 'returnsStatuses', onTransfer(() => ({ status: 201 }))],
  ...(
    [
      ['another-path', 'express', (self) => self.replace('/uapi/', '/unifiedapi/')],
      ['another-user', 'nest', (self) => self.replace('/12/', '/3/')],
      ['another-extension', 'koa', (self) => self.replace('0003*210', '0003*024')],
      ['another-call', 'hono', (self) => self.replace(/[^/]+$/, '01')],
    ] as [string, 'express', (self: string) => string][]
  ).map(([name, server, change]): FaultRow => {
    return [`link-to-${name}`, server, 'success/link-names-the-call', 'followLink', onLink(change)];
  }),
  ['link-with-bad-port', 'fastify', 'success/phone-call', 'linkReference', onLink((self) => `https://pbx:80a${self}`)],
  [
    'link-with-blank',
    'express',
    'success/phone-call',
    'linkReference',
    onLink((self) => self.replace('/12/', '/12 /')),
  ],
  ...(
    [
      ['offset-without-colon', 'fastify', (date) => date.replace(/[+-](\d\d):(\d\d)$/, '+$1$2')],
      ['offset-hours-only', 'express', (date) => date.replace(/:00$/, '')],
      ['with-blank', 'nest', (date) => date.replace('T', ' ')],
      ['in-seconds', 'hono', (date) => Date.parse(date) / 1000],
    ] as [string, 'express', (date: string) => unknown][]
  ).map(([name, server, change]): FaultRow => [
    `dates-${name}`,
    server,
    'read-back/phone-call',
    'dates',
    onDates(change),
  ]),
  [
    'status-word',
    'koa',
    'read-back/phone-call',
    'status',
    onValues(
      (key) => key === 'status',
      () => 'onCall',
    ),
  ],
  [
    'source-not-a-list',
    'express',
    'read-back/phone-call',
    'views',
    onValues(
      (key) => key === 'source',
      ([first]) => first,
    ),
  ],
  ['reading-as-a-list', 'fastify', 'read-back/phone-call', 'entry', onSuccess((body) => ({ body: [body] }), 'read')],
  [
    'view-without-destination',
    'nest',
    'read-back/phone-call',
    'views',
    onValues(
      (key) => key === 'destination',
      () => undefined,
    ),
  ],
];
