import { parameters, type Answer, type Behaviour, type Exchange, type Parameter } from '../servers/plain/behaviour.ts';
import { documented, foreignCall } from '../servers/plain/documented.ts';
import {
  accepting,
  answering,
  errorAnswer,
  matching,
  refusal,
  refusing,
  rejecting,
} from '../servers/plain/variations.ts';
import type { ControlRow } from '../servers/server.ts';

const messages: readonly (readonly [name: string, says: string, message: string])[] = [
  ['empty', 'empty', ''],
  ['unicode', 'in other scripts', 'Num\u0103r nevalid \u2014 \u7121\u52b9\u306a\u756a\u53f7 \u{1f4f5}'],
  ['markup', 'markup', '<p class="error">Not \\"valid\\" &amp; refused</p>\n'],
  ['long', 'long', 'The number is not valid. '.repeat(400)],
];

const hasQuery = ({ request }: Exchange) => request.url?.includes('?') === true;

const otherActions: readonly (readonly [status: number, code: string])[] = [
  [400, 'action_invalid'],
  [400, 'pc_sendcallto_invalid'],
  [404, 'action_not_found'],
  [422, 'action_unknown'],
  [501, 'not_implemented'],
];

const unreadableBodies: readonly (readonly [status: number, code: string])[] = [
  [400, 'malformed_json'],
  [415, 'unsupported_media_type'],
  [422, 'unprocessable_body'],
];

const numbers: readonly Parameter[] = ['sendCallTo', 'transferFromNumber', 'transferNumber'];
const path: readonly Parameter[] = ['userId', 'extension', 'phoneCallId'];
const documentedMembers: readonly string[] = ['action', ...numbers];
const body: readonly Parameter[] = ['mediaType', 'body', 'action', ...numbers];

const orders: readonly (readonly [name: string, says: string, order: readonly Parameter[]])[] = [
  ['reversed', 'in reverse', [...parameters].reverse()],
  ['body-first', 'the body at the beginning', [...body, 'authorization', ...path]],
  ['path-last', 'the path at the end, in reverse', ['authorization', ...body, ...path.toReversed()]],
  ['action-last', 'the action at the end', [...parameters.filter((parameter) => parameter !== 'action'), 'action']],
];

/** Finds a call by its id alone where the extension is invalid, so that only the extension is refused. */
const lookingUpCallsAlone = accepting(
  'phoneCallId',
  (phoneCallId, exchange) =>
    !documented.accepts.extension(exchange.address?.extension, exchange) &&
    exchange.switchboard.calls.some(({ id }) => id === phoneCallId),
);

/** Refuses in ways that the documentation leaves open, or that deserve a warning only. */
export const refusals: readonly ControlRow[] = [
  ...messages.map(([name, says, message]): ControlRow => [
    `refusals/message-${name}`,
    `Messages are ${says}.`,
    { showRefusal: ({ code }) => ({ error: { code, message } }) },
  ]),
  [
    'refusals/forbidden-for-wrong-tokens',
    'A missing token is refused with 401, a wrong one with 403.',
    refusing('authorization', (answer, { request }) =>
      request.headers.authorization === undefined ? answer : errorAnswer(403, 'access_denied'),
    ),
  ],
  [
    'refusals/challenge',
    'A 401 carries a challenge.',
    refusing('authorization', (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'www-authenticate': 'Bearer realm="uapi", error="invalid_token", Basic realm="x"' },
    })),
  ],
  [
    'refusals/no-challenge',
    'A 401 has no WWW-Authenticate.',
    refusing('authorization', (answer) => ({ ...answer, headers: { 'content-type': 'application/json' } })),
    { warns: ['authorization/challenge'] },
  ],
  [
    'refusals/malformed-bearer-400',
    'What stands after Bearer and is no token is refused with 400 and invalid_request.',
    refusing('authorization', (answer, { request }) =>
      /^Bearer(?:$|\s+(?![\w.~+/-]+=*$))/.test(request.headers.authorization ?? '')
        ? errorAnswer(400, 'invalid_request')
        : answer,
    ),
  ],
  [
    'refusals/last-slash-redirected',
    'A path with a slash at its end is redirected to that without, whatever the token.',
    {
      route: (path) => (path.endsWith('/') ? undefined : documented.route(path)),
      finish: (answer, { request: { url = '' } }) =>
        url.endsWith('/')
          ? { outcome: 'refused', status: 307, headers: { location: url.slice(0, -1) }, body: '' }
          : answer,
    },
    { warns: ['path/trailing-slash'] },
  ],
  [
    'refusals/any-query',
    'A query is refused with 400 before the token is looked at.',
    {
      ...rejecting('authorization', (_, exchange) => hasQuery(exchange)),
      ...refusing('authorization', (answer, exchange) =>
        hasQuery(exchange) ? errorAnswer(400, 'query_unknown') : answer,
      ),
    },
  ],
  [
    'refusals/no-body-is-an-empty-object',
    'An empty or blank body is read as an object without members.',
    { read: (body) => (String(body).trim() === '' ? {} : documented.read(body)) },
  ],
  [
    'refusals/json-with-comments',
    'JSON is read with comments in it.',
    { read: (body) => documented.read(Buffer.from(String(body).replaceAll(/\/\*.*?\*\//g, ''))) },
    { warns: ['body/json-dialect'] },
  ],
  [
    'refusals/little-depth',
    'A body that is nested 32 deep is refused as one that cannot be read.',
    { read: (body) => (String(body).includes('['.repeat(32)) ? undefined : documented.read(body)) },
  ],
  [
    'refusals/others-not-found',
    'The call of another User is refused with 404, as if it did not exist.',
    answering('refused', (answer, { address }) =>
      address?.phoneCallId === foreignCall.call ? errorAnswer(404, 'not_found') : answer,
    ),
  ],
  [
    'refusals/accept-without-json',
    'A transfer whose Accept is */* is refused with 406.',
    {
      ...rejecting('mediaType', (_, { request }) => request.headers.accept === '*/*'),
      ...refusing('mediaType', (answer, { request }) =>
        request.headers.accept === '*/*' ? errorAnswer(406, 'not_acceptable') : answer,
      ),
    },
    { warns: ['http/header-notation'] },
  ],
  ...otherActions.map(([status, code]): ControlRow => [
    `refusals/action-${status}-${code.replaceAll('_', '-')}`,
    `Another action is refused with ${status} and ${code}.`,
    refusal('action', { status, code }),
  ]),
  ...unreadableBodies.map(([status, code]): ControlRow => [
    `refusals/body-${status}`,
    `An unreadable body is refused with ${status} and ${code}.`,
    refusal('body', { status, code }),
  ]),
  [
    'refusals/media-type-400',
    'A body of another media type is refused with 400 and pc_sendcallto_invalid.',
    refusal('mediaType', { status: 400, code: 'pc_sendcallto_invalid' }),
  ],
  [
    'refusals/any-media-type',
    'JSON is read whatever it is declared as.',
    accepting('mediaType', () => true),
    { warns: ['body/media-type'] },
  ],
  [
    'refusals/transfer-number-required',
    'A request without transferNumber is refused with 400 and pc_transfer_number_invalid.',
    rejecting('transferNumber', (value) => value === undefined),
    { warns: ['body/transfer-number-optional'] },
  ],
  [
    'refusals/no-country-codes',
    'A sendCallTo that begins with a plus sign is refused with 400 and pc_sendcallto_invalid.',
    rejecting('sendCallTo', matching(/^\+/)),
    { warns: ['body/send-call-to-international-number'] },
  ],
  [
    'refusals/call-found-in-any-case',
    'A call is found by its id in upper or lower case.',
    {
      find: ({ phoneCallId, ...address }, switchboard) =>
        documented.find({ ...address, phoneCallId: phoneCallId?.toLowerCase() }, switchboard),
    },
  ],
  [
    'refusals/unknown-members',
    'A member that the documentation does not name is refused.',
    {
      ...rejecting('body', (value) => Object.keys(value as object).some((name) => !documentedMembers.includes(name))),
      ...refusal('body', { code: 'unknown_member' }),
    },
    { warns: ['body/unknown-members'] },
  ],
  [
    'refusals/trailing-slash',
    'A slash after the phoneCallId is answered with 404.',
    {
      route: (text) => (text.endsWith('/') ? undefined : documented.route(text)),
      ...refusal('operation', { status: 404, code: 'not_found' }),
    },
    { warns: ['path/trailing-slash'] },
  ],
  // The documentation has no order of checks: one fault gives the same refusal in each.
  ...orders.map(([name, says, order]): ControlRow => [
    `refusals/order-${name}`,
    `A request is checked ${says}.`,
    { order, ...lookingUpCallsAlone },
  ]),
  ...(
    [
      ['503', '503', errorAnswer(503, 'service_unavailable')],
      ['503-retry-after', '503 and Retry-After', later(503, '0')],
      ['429-retry-after', '429 and Retry-After', later(429, '0')],
      ['429-retry-after-date', '429 and a Retry-After that is a date', later(429, 'Mon, 01 Jan 2024 00:00:00 GMT')],
      ['503-html', '503 and a page of HTML', { ...later(503, '0'), body: '<h1>Busy</h1>' }],
    ] as const
  ).map(([name, says, answer]): ControlRow => [
    `busy/${name}`,
    `Of 23 requests one is answered with ${says}, and not looked at.`,
    () => turningAway(23, answer),
  ]),
];

function later(status: number, retryAfter: string): Answer {
  const answer = errorAnswer(status, 'busy');
  return { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } };
}

/** Turns one of some requests away, and accepts it when it is sent again. */
function turningAway(interval: number, answer: Answer): Partial<Behaviour> {
  const turnedAway = new WeakSet<Exchange>();
  let count = 0;
  return {
    accepts: {
      ...documented.accepts,
      authorization: (value, exchange) => {
        if (++count % interval === 5) turnedAway.add(exchange);
        return !turnedAway.has(exchange) && documented.accepts.authorization(value, exchange);
      },
    },
    finish: (ready, exchange) => (turnedAway.has(exchange) ? answer : ready),
  };
}
