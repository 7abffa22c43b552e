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
  'call-code-spelt-right': ['express', 'spelling', recode('pc_phoncall_invalid', 'pc_phonecall_invalid')],
  'access-denided': ['koa', 'accessDenied', recode('access_denied', 'access_denided')],
  'one-code-for-all': [
    'hono',
    'errorBody',
    onError((answer, { message }) =>
      answer.status === 400 ? { ...answer, body: { error: { code: 'bad_request', message } } } : answer,
    ),
  ],
  'codes-swapped': [
    'nest',
    'transferFromInvalid',
    onError((answer, { code, message }) => {
      const [from, number] = ['pc_transfer_from_number_invalid', 'pc_transfer_number_invalid'];
      const swapped = code === from ? number : code === number ? from : code;
      return { ...answer, body: { error: { code: swapped, message } } };
    }),
  ],
  'transfer-number-code-of-sibling': [
    'fastify',
    'transferNumberInvalid',
    recode('pc_transfer_number_invalid', 'pc_transfer_from_number_invalid'),
  ],
  'user-code-as-extension': ['express', 'userInvalid', recode('user_invalid', 'extension_invalid')],
  'extension-code-as-call': ['koa', 'extensionInvalid', recode('extension_invalid', 'pc_phoncall_invalid')],
  'codes-in-upper-case': [
    'hono',
    'callCode',
    onError((answer, { code, message }) => ({ ...answer, body: { error: { code: code.toUpperCase(), message } } })),
  ],
  'error-flat': ['nest', 'errorBody', onError((answer, { code, message }) => ({ ...answer, body: { code, message } }))],
  'error-a-string': [
    'fastify',
    'errorBody',
    onError((answer, { code, message }) => ({ ...answer, body: { error: code, error_description: message } })),
  ],
  'error-without-message': [
    'express',
    'errorBody',
    onError((answer, { code }) => ({ ...answer, body: { error: { code } } })),
  ],
  'error-in-a-list': ['koa', 'errorBody', onError((answer, error) => ({ ...answer, body: { errors: [error] } }))],
  'error-code-a-number': [
    'hono',
    'errorBody',
    onError((answer, { message }) => ({ ...answer, body: { error: { code: answer.status, message } } })),
  ],
  'error-as-422-detail': [
    'express',
    'anyError',
    onError((answer, { code, message }) =>
      answer.status === 400 ? { ...answer, status: 422, body: { detail: [{ type: code, msg: message }] } } : answer,
    ),
  ],
  'error-with-200': ['koa', 'callCode', onError((answer) => ({ ...answer, status: 200 }))],
  'error-empty': ['nest', 'anyError', onError((answer) => ({ ...answer, body: undefined }))],
  'error-as-text': [
    'hono',
    'anyError',
    onError((answer, { message }) => ({
      ...answer,
      body: message,
      headers: { ...answer.headers, 'Content-Type': 'text/plain' },
    })),
  ],
  'framework-page-express': ['express', 'anyError', { plainErrors: true }],
  'framework-page-fastify': ['fastify', 'errorBody', { plainErrors: true }],
  'framework-page-koa': ['koa', 'anyError', { plainErrors: true }],
  'framework-page-hono': ['hono', 'anyError', { plainErrors: true }],
  'framework-page-nest': ['nest', 'errorBody', { plainErrors: true }],
  'unauthorized-without-challenge': ['fastify', 'rfcChallenge', onError((answer) => ({ ...answer, headers: {} }))],
  'unauthorized-as-400': [
    'nest',
    'accessDenied',
    onError((answer) => (answer.status === 401 ? { ...answer, status: 400, headers: {} } : answer)),
  ],
  'shows-the-call-before': [
    'express',
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
  'answer-without-id': ['fastify', 'onlyId', onSuccess(({ id: _id, ...body }) => body, 'transfer')],
  'answer-id-of-another': [
    'hono',
    'returnsUpdated',
    onSuccess((body) => ({ ...body, id: 'c4d90aa1b7e25f604418' }), 'transfer'),
  ],
  'answer-id-a-number': ['koa', 'onePhoneCall', onSuccess((body) => ({ ...body, id: 817 }), 'transfer')],
  'answer-in-a-list': ['nest', 'onePhoneCall', onSuccess((body) => [body], 'transfer')],
  'answer-as-entry': ['express', 'onePhoneCall', onSuccess((body) => ({ entry: [body] }), 'transfer')],
  'answer-ok-true': ['koa', 'returnsUpdated', onSuccess(() => ({ success: true }), 'transfer')],
  'answer-200-empty': [
    'fastify',
    'successIsJson',
    () => ({
      answer: (answer, { kind }) =>
        kind === 'transfer' && answer.status === 200 ? { ...answer, body: undefined } : answer,
    }),
  ],
  'answer-as-html': [
    'hono',
    'rfcJsonType',
    () => ({
      answer: (answer) =>
        answer.status === 200
          ? { ...answer, body: JSON.stringify(answer.body), headers: { 'Content-Type': 'text/html' } }
          : answer,
    }),
  ],
  'nulls-shown': ['nest', 'nullsLeftOut', onSuccess((body) => ({ ...body, answered: null, nonce: null }))],
  'created-201': [
    'express',
    'returnsStatuses',
    () => ({
      answer: (answer, { kind }) =>
        kind === 'transfer' && answer.status === 200 ? { ...answer, status: 201 } : answer,
    }),
  ],
  'link-to-another-path': ['express', 'followLink', onLink((self) => self.replace('/uapi/', '/unifiedapi/'))],
  'link-to-another-user': ['nest', 'followLink', onLink((self) => self.replace('/12/', '/3/'))],
  'link-to-another-extension': ['koa', 'followLink', onLink((self) => self.replace('0003*210', '0003*024'))],
  'link-to-another-call': ['hono', 'followLink', onLink((self) => self.replace(/[^/]+$/, '01'))],
  'link-with-bad-port': ['fastify', 'linkReference', onLink((self) => `https://pbx:80a${self}`)],
  'link-with-blank': ['express', 'linkReference', onLink((self) => self.replace('/12/', '/12 /'))],
  'dates-offset-without-colon': ['fastify', 'dates', onDates((date) => date.replace(/[+-](\d\d):(\d\d)$/, '+$1$2'))],
  'dates-offset-hours-only': ['express', 'dates', onDates((date) => date.replace(/:00$/, ''))],
  'dates-with-blank': ['nest', 'dates', onDates((date) => date.replace('T', ' '))],
  'dates-in-seconds': ['hono', 'dates', onDates((date) => Date.parse(date) / 1000)],
  'status-word': [
    'koa',
    'status',
    onSuccess(
      (body) => JSON.parse(JSON.stringify(body), (key, value) => (key === 'status' ? 'onCall' : value)),
      'read',
    ),
  ],
  'source-not-a-list': [
    'express',
    'views',
    onSuccess(
      (body) => JSON.parse(JSON.stringify(body), (key, value) => (key === 'source' ? value[0] : value)),
      'read',
    ),
  ],
  'reading-as-a-list': ['fastify', 'entry', onSuccess((body) => [body], 'read')],
  'reading-without-views': ['nest', 'views', onSuccess(({ phoneCallView: _views, ...body }) => body, 'read')],
};
