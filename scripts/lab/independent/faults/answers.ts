/** Makes mistakes about answers: their codes, their bodies, their links, dates and headers. */
import type { FaultTable } from '../faults.ts';
import type { Answer, Context } from '../hooks.ts';

type Body = { error?: { code: string; message: string } } & Record<string, any>;

/** Changes the answers with an error body. */
const onError =
  (change: (answer: Answer, error: { code: string; message: string }, context: Context) => Answer) => () => ({
    answer(answer: Answer, context: Context) {
      const error = (answer.body as Body | undefined)?.error;
      return error ? change(answer, error, context) : answer;
    },
  });
/** Changes the body of successful answers. */
const onSuccess =
  (change: (body: Body, context: Context, answer: Answer) => unknown, kind?: Context['kind']) => () => ({
    answer(answer: Answer, context: Context) {
      if (answer.status >= 300 || answer.body === undefined || (kind && context.kind !== kind)) return answer;
      return { ...answer, body: change(structuredClone(answer.body) as Body, context, answer) };
    },
  });
/** Changes link.self of the answer to a transfer. */
const onLink = (change: (self: string) => string) =>
  onSuccess((body) => ({ ...body, link: { self: change(body.link?.self) } }), 'transfer');
/** Changes every date. */
const onDates = (change: (date: string) => unknown) =>
  onSuccess((body) =>
    JSON.parse(JSON.stringify(body), (_key, value) => (/^\d{4}-\d\d-/.test(value) ? change(value) : value)),
  );
/** Sends one code in place of another. */
const recode = (from: string, to: string) =>
  onError((answer, { code, message }) =>
    code === from ? { ...answer, body: { error: { code: to, message } } } : answer,
  );

export const answerFaults: FaultTable = {
  'call-code-spelt-right': [
    'express',
    'path/phone-call-unknown',
    'spelling',
    recode('pc_phoncall_invalid', 'pc_phonecall_invalid'),
  ],
  'access-denided': ['koa', 'errors/codes-by-status', 'accessDenied', recode('access_denied', 'access_denided')],
  'one-code-for-all': [
    'hono',
    'body/send-call-to-invalid',
    'errorBody',
    onError((answer, { message }) =>
      answer.status === 400 ? { ...answer, body: { error: { code: 'bad_request', message } } } : answer,
    ),
  ],
  'codes-swapped': [
    'nest',
    'body/transfer-from-invalid',
    'transferFromInvalid',
    onError((answer, { code, message }) => {
      const [from, number] = ['pc_transfer_from_number_invalid', 'pc_transfer_number_invalid'];
      const swapped = code === from ? number : code === number ? from : code;
      return { ...answer, body: { error: { code: swapped, message } } };
    }),
  ],
  'transfer-number-code-of-sibling': [
    'fastify',
    'body/transfer-number-invalid',
    'transferNumberInvalid',
    recode('pc_transfer_number_invalid', 'pc_transfer_from_number_invalid'),
  ],
  'user-code-as-extension': [
    'express',
    'path/user-invalid',
    'userInvalid',
    recode('user_invalid', 'extension_invalid'),
  ],
  'extension-code-as-call': [
    'koa',
    'path/extension-invalid',
    'extensionInvalid',
    recode('extension_invalid', 'pc_phoncall_invalid'),
  ],
  'codes-in-upper-case': [
    'hono',
    'path/phone-call-unknown',
    'callCode',
    onError((answer, { code, message }) => ({ ...answer, body: { error: { code: code.toUpperCase(), message } } })),
  ],
  'error-flat': [
    'nest',
    'errors/body',
    'errorBody',
    onError((answer, { code, message }) => ({ ...answer, body: { code, message } })),
  ],
  'error-a-string': [
    'fastify',
    'errors/body',
    'errorBody',
    onError((answer, { code, message }) => ({ ...answer, body: { error: code, error_description: message } })),
  ],
  'error-without-message': [
    'express',
    'errors/body',
    'errorBody',
    onError((answer, { code }) => ({ ...answer, body: { error: { code } } })),
  ],
  'error-in-a-list': [
    'koa',
    'errors/body',
    'errorBody',
    onError((answer, error) => ({ ...answer, body: { errors: [error] } })),
  ],
  'error-code-a-number': [
    'hono',
    'errors/body',
    'errorBody',
    onError((answer, { message }) => ({ ...answer, body: { error: { code: answer.status, message } } })),
  ],
  'error-as-422-detail': [
    'express',
    'errors/body',
    'anyError',
    onError((answer, { code, message }) =>
      answer.status === 400 ? { ...answer, status: 422, body: { detail: [{ type: code, msg: message }] } } : answer,
    ),
  ],
  'error-with-200': ['koa', 'path/phone-call-unknown', 'callCode', onError((answer) => ({ ...answer, status: 200 }))],
  'error-empty': ['nest', 'errors/body', 'anyError', onError((answer) => ({ ...answer, body: undefined }))],
  'error-as-text': [
    'hono',
    'errors/body',
    'anyError',
    onError((answer, { message }) => ({
      ...answer,
      body: message,
      headers: { ...answer.headers, 'Content-Type': 'text/plain' },
    })),
  ],
  'framework-page-express': ['express', 'errors/body', 'anyError', { plainErrors: true }],
  'framework-page-fastify': ['fastify', 'errors/body', 'errorBody', { plainErrors: true }],
  'framework-page-koa': ['koa', 'errors/body', 'anyError', { plainErrors: true }],
  'framework-page-hono': ['hono', 'errors/body', 'anyError', { plainErrors: true }],
  'framework-page-nest': ['nest', 'errors/body', 'errorBody', { plainErrors: true }],
  'unauthorized-without-challenge': [
    'fastify',
    'authorization/challenge',
    'rfcChallenge',
    onError((answer) => ({ ...answer, headers: {} })),
  ],
  'unauthorized-as-400': [
    'nest',
    'authorization/token-missing',
    'accessDenied',
    onError((answer) => (answer.status === 401 ? { ...answer, status: 400, headers: {} } : answer)),
  ],
  'shows-the-call-before': [
    'express',
    'effects/call-moves',
    'returnsUpdated',
    () => {
      let before = ['0003*210', '0003*024'];
      return {
        moved: (parties) => void (before = parties),
        answer: (answer, { kind }) =>
          kind === 'transfer' && answer.status === 200
            ? {
                ...answer,
                body: {
                  ...(answer.body as object),
                  phoneCallView: [
                    { id: '01', extension: '0003*210', status: '5', source: [before[0]], destination: [before[1]] },
                  ],
                },
              }
            : answer,
      };
    },
  ],
  'answer-without-id': [
    'fastify',
    'success/phone-call',
    'onlyId',
    onSuccess(({ id: _id, ...body }) => body, 'transfer'),
  ],
  'answer-id-of-another': [
    'hono',
    'success/id',
    'returnsUpdated',
    onSuccess((body) => ({ ...body, id: 'c4d90aa1b7e25f604418' }), 'transfer'),
  ],
  'answer-id-a-number': [
    'koa',
    'success/phone-call',
    'onePhoneCall',
    onSuccess((body) => ({ ...body, id: 817 }), 'transfer'),
  ],
  'answer-in-a-list': ['nest', 'success/phone-call', 'onePhoneCall', onSuccess((body) => [body], 'transfer')],
  'answer-as-entry': [
    'express',
    'success/phone-call',
    'onePhoneCall',
    onSuccess((body) => ({ entry: [body] }), 'transfer'),
  ],
  'answer-ok-true': ['koa', 'success/phone-call', 'returnsUpdated', onSuccess(() => ({ success: true }), 'transfer')],
  'answer-200-empty': [
    'fastify',
    'success/phone-call',
    'successIsJson',
    () => ({
      answer: (answer, { kind }) =>
        kind === 'transfer' && answer.status === 200 ? { ...answer, body: undefined } : answer,
    }),
  ],
  'answer-as-html': [
    'hono',
    'success/media-type',
    'rfcJsonType',
    () => ({
      answer: (answer) =>
        answer.status === 200
          ? { ...answer, body: JSON.stringify(answer.body), headers: { 'Content-Type': 'text/html' } }
          : answer,
    }),
  ],
  'nulls-shown': [
    'nest',
    'success/no-null-members',
    'nullsLeftOut',
    onSuccess((body) => ({ ...body, answered: null, nonce: null })),
  ],
  'created-201': [
    'express',
    'success/status',
    'returnsStatuses',
    () => ({
      answer: (answer, { kind }) =>
        kind === 'transfer' && answer.status === 200 ? { ...answer, status: 201 } : answer,
    }),
  ],
  'link-to-another-path': [
    'express',
    'success/link-names-the-call',
    'followLink',
    onLink((self) => self.replace('/uapi/', '/unifiedapi/')),
  ],
  'link-to-another-user': [
    'nest',
    'success/link-names-the-call',
    'followLink',
    onLink((self) => self.replace('/12/', '/3/')),
  ],
  'link-to-another-extension': [
    'koa',
    'success/link-names-the-call',
    'followLink',
    onLink((self) => self.replace('0003*210', '0003*024')),
  ],
  'link-to-another-call': [
    'hono',
    'success/link-names-the-call',
    'followLink',
    onLink((self) => self.replace(/[^/]+$/, '01')),
  ],
  'link-with-bad-port': ['fastify', 'success/phone-call', 'linkReference', onLink((self) => `https://pbx:80a${self}`)],
  'link-with-blank': [
    'express',
    'success/phone-call',
    'linkReference',
    onLink((self) => self.replace('/12/', '/12 /')),
  ],
  'dates-offset-without-colon': [
    'fastify',
    'read-back/phone-call',
    'dates',
    onDates((date) => date.replace(/[+-](\d\d):(\d\d)$/, '+$1$2')),
  ],
  'dates-offset-hours-only': ['express', 'read-back/phone-call', 'dates', onDates((date) => date.replace(/:00$/, ''))],
  'dates-with-blank': ['nest', 'read-back/phone-call', 'dates', onDates((date) => date.replace('T', ' '))],
  'dates-in-seconds': ['hono', 'read-back/phone-call', 'dates', onDates((date) => Date.parse(date) / 1000)],
  'status-word': [
    'koa',
    'read-back/phone-call',
    'status',
    onSuccess(
      (body) => JSON.parse(JSON.stringify(body), (key, value) => (key === 'status' ? 'onCall' : value)),
      'read',
    ),
  ],
  'source-not-a-list': [
    'express',
    'read-back/phone-call',
    'views',
    onSuccess(
      (body) => JSON.parse(JSON.stringify(body), (key, value) => (key === 'source' ? value[0] : value)),
      'read',
    ),
  ],
  'reading-as-a-list': ['fastify', 'read-back/phone-call', 'entry', onSuccess((body) => [body], 'read')],
  'reading-without-views': [
    'nest',
    'read-back/phone-call',
    'views',
    onSuccess(({ phoneCallView: _views, ...body }) => body, 'read'),
  ],
};
