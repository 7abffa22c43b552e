import type { Changes, PassedAnswer, PassedRequest } from '../servers/proxied.ts';

/**
 * A mistake that real teams make, in an independent server: the server and a name, the requirement that must find it, the
 * sentence that it breaks, and the mistake: an option of the server, or changes that a proxy in front of it makes.
 */
export type IndependentFault = readonly [
  id: `${string}/${string}`,
  requirement: string,
  sentence: string,
  mistake: { readonly options: Readonly<Record<string, true>> } | (() => Changes),
];

type Members = Readonly<Record<string, unknown>>;

const call = 'b817d2618fe6f1804333';
const firstParties = ['0003*210', '0003*024'];

const readMembers = (body: Buffer | string): Members | undefined => {
  try {
    return JSON.parse(String(body)) as Members;
  } catch {
    return undefined;
  }
};
const withMembers = (answer: PassedAnswer, members: unknown): PassedAnswer => ({
  ...answer,
  body: JSON.stringify(members),
});
const isTransferred = (answer: PassedAnswer, { method }: PassedRequest) => method === 'PUT' && answer.status < 300;
const isRead = (answer: PassedAnswer, { method }: PassedRequest) => method === 'GET' && answer.status === 200;

const refuse = (status: number, code: string): PassedAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: { code, message: 'The request is refused.' } }),
});
const refuseWhere = (isRefused: (request: PassedRequest) => boolean, status: number, code: string) => (): Changes => ({
  request: (request) => (isRefused(request) ? refuse(status, code) : request),
});
const refuseNumbers = (isRefused: (members: Members) => boolean, status: number, code: string) =>
  refuseWhere(({ method, body }) => method === 'PUT' && isRefused(readMembers(body) ?? {}), status, code);

/** Reads the parts of a path behind /uapi/phoneCalls/ in another way, decoded or as they arrived. */
const readPath =
  (read: (value: string, raw: string, index: number, request: PassedRequest) => string) => (): Changes => ({
    request: (request) => {
      const [path = '', ...query] = request.path.split('?');
      const parts = path.split('/').map((raw, index) => {
        if (index < 3 || raw === '' || /%(?![0-9a-f]{2})/i.test(raw)) return raw;
        try {
          return encodeURIComponent(read(decodeURIComponent(raw), raw, index - 3, request));
        } catch {
          return raw;
        }
      });
      return { ...request, path: [parts.join('/'), ...query].join('?') };
    },
  });
/** Takes more values for what exists: the User, the extension or the call. */
const take = (part: number, isTaken: (value: string, request: PassedRequest) => boolean) =>
  readPath((value, _, index, request) =>
    index === part && isTaken(value, request) ? (['12', '@self', call][part] ?? value) : value,
  );

/** Transfers with other members than were sent. */
const changeTransfer = (change: (members: Members) => Members) => (): Changes => ({
  request: (request) => {
    const members = readMembers(request.body);
    const isMeant = request.method === 'PUT' && members?.['action'] === 'Transfer';
    if (!isMeant) return request;
    const body = Buffer.from(JSON.stringify(change(members)));
    const { 'transfer-encoding': _, ...headers } = request.headers;
    return { ...request, body, headers: { ...headers, 'content-length': String(body.length) } };
  },
});

/** Changes the members of readings, wherever they are. */
const changeReading = (change: (name: string, value: unknown) => unknown) => (): Changes => ({
  answer: (answer, request) =>
    isRead(answer, request) ? { ...answer, body: JSON.stringify(JSON.parse(String(answer.body), change)) } : answer,
});
const changeDates = (change: (date: string) => unknown) =>
  changeReading((_, value) => (typeof value === 'string' && /^\d{4}-\d\d-/.test(value) ? change(value) : value));

/** Shows other parties in a reading. */
const showParties = (answer: PassedAnswer, [source, ...destination]: readonly unknown[]): PassedAnswer => {
  const show = (name: string, value: unknown) =>
    name === 'source' ? [source] : name === 'destination' ? destination : value;
  return { ...answer, body: JSON.stringify(JSON.parse(String(answer.body), show)) };
};

const isOtherwiseCased = (text = '', beginning: string) =>
  !text.startsWith(beginning) && text.toLowerCase().startsWith(beginning.toLowerCase());
const isLike = (value: string, pattern: string) =>
  new RegExp(`^${RegExp.escape(pattern).replaceAll('%', '.*').replaceAll('_', '.')}$`).test(value);

const wordsOf = 'Page: If any 4xx or 5xx status codes is returned, the body contains the [error response](#).';
const noUser = "Notes: userId is no user's id and none of @me, @viewer, @owner";
const noCall = 'Page: The parameter must be set to an alphanumeric value and reference an existing phone call.';
const updated = 'Page: If successful, it returns the PhoneCall that was updated.';
const dates = 'Notes: Dates are XML Schema dateTime: both `Z` and `+03:00` occur.';
const sendCallTo = 'Page: Phone number where the call is transferred. Can be an extension number or a public number.';
const same =
  'RFC 3986 2.3: URIs that differ in the replacement of an unreserved character with its corresponding percent-encoded US-ASCII octet are equivalent';
const space = 'RFC 8259 2: Insignificant whitespace is allowed before or after any of the six structural characters.';

export const independentFaults: readonly IndependentFault[] = [
  ...(['express', 'fastify', 'koa', 'hono', 'nest'] as const).map((server): IndependentFault => [
    `${server}/framework-page-${server}`,
    'errors/body',
    wordsOf,
    { options: { plainErrors: true } },
  ]),
  [
    'fastify/number-type-coerced',
    'body/send-call-to-invalid',
    'Page: Value supplied in sendCallTo parameter is missing or invalid.',
    { options: { coerced: true } },
  ],
  [
    'express/error-as-422-detail',
    'errors/body',
    wordsOf,
    () => ({
      answer: (answer) =>
        answer.status === 400 ? { ...withMembers(answer, { detail: [{ type: 'invalid' }] }), status: 422 } : answer,
    }),
  ],
  [
    'express/created-201',
    'success/status',
    'Page: If successful, the request returns the [PhoneCall](#) that was updated and the following HTTP statuses:',
    () => ({ answer: (answer, request) => (isTransferred(answer, request) ? { ...answer, status: 201 } : answer) }),
  ],
  [
    'nest/unauthorized-as-400',
    'authorization/token-missing',
    'Notes: | 401 | `access_denied` | not authorized',
    () => ({ answer: (answer) => (answer.status === 401 ? { ...answer, status: 400 } : answer) }),
  ],
  [
    'hono/unknown-call-answered-empty',
    'path/phone-call-unknown',
    noCall,
    () => ({
      answer: (answer, { method }) =>
        method === 'GET' && String(answer.body).includes('phoncall') ? { ...answer, status: 200, body: '{}' } : answer,
    }),
  ],
  [
    'fastify/dates-offset-without-colon',
    'read-back/phone-call',
    dates,
    changeDates((date) => date.replace(/[+-](\d\d):(\d\d)$/, '+$1$2')),
  ],
  ['express/dates-offset-hours-only', 'read-back/phone-call', dates, changeDates((date) => date.replace(/:00$/, ''))],
  ['nest/dates-with-blank', 'read-back/phone-call', dates, changeDates((date) => date.replace('T', ' '))],
  ['hono/dates-in-seconds', 'read-back/phone-call', dates, changeDates((date) => Date.parse(date) / 1000)],
  [
    'koa/status-word',
    'read-back/phone-call',
    'Notes: `status` is a string in the Transfer page\'s example ("5") and a number in the resource page\'s (3); a client parses both.',
    changeReading((name, value) => (name === 'status' ? 'onCall' : value)),
  ],
  [
    'koa/user-id-parsed',
    'path/user-invalid',
    'Page: User-Id - refers to the unique identifier of the User.',
    take(0, (value) => Number.parseInt(value, 10) === 12),
  ],
  [
    'express/user-id-as-number',
    'path/user-invalid',
    'Page: User-Id - refers to the unique identifier of the User.',
    take(0, (value) => Number(value) === 12),
  ],
  ['nest/reading-any-user', 'path/user-invalid', noUser, take(0, (_, { method }) => method === 'GET')],
  [
    'fastify/reading-any-extension',
    'path/extension-invalid',
    'Notes: extension is no existing extension number and not @self',
    take(1, (_, { method }) => method === 'GET'),
  ],
  [
    'koa/aliases-case-insensitive',
    'path/user-invalid',
    noUser,
    readPath((value) => value.replace(/^@.*/, (alias) => alias.toLowerCase())),
  ],
  ['hono/ids-compared-like', 'path/phone-call-malformed', noCall, take(2, (value) => isLike(call, value))],
  ['hono/newline-after-call-id', 'path/phone-call-malformed', noCall, readPath((value) => value.replace(/\n$/, ''))],
  [
    'nest/decodes-twice',
    'path/user-invalid',
    'RFC 3986 2.4: Implementations must not percent-encode or decode the same string more than once',
    readPath((value) => decodeURIComponent(value)),
  ],
  [
    'koa/decodes-two-characters-only',
    'path/percent-encoding',
    same,
    readPath((_, raw) => raw.replaceAll('%40', '@').replaceAll(/%2A/gi, '*')),
  ],
  [
    'hono/lower-case-hex-not-decoded',
    'path/percent-encoding',
    "RFC 3986 2.1: The uppercase hexadecimal digits 'A' through 'F' are equivalent to the lowercase digits 'a' through 'f', respectively.",
    readPath((value, raw) => (raw.includes('%2a') ? raw : value)),
  ],
  [
    'express/scheme-case-sensitive',
    'http/header-notation',
    'RFC 9110 11.1: It uses a case-insensitive token to identify the authentication scheme',
    refuseWhere(({ headers }) => isOtherwiseCased(headers.authorization, 'Bearer'), 401, 'access_denied'),
  ],
  [
    'hono/media-type-case-sensitive',
    'http/header-notation',
    'RFC 9110 8.3.1: The type and subtype tokens are case-insensitive.',
    refuseWhere(({ headers }) => isOtherwiseCased(headers['content-type'], 'application/json'), 415, 'media_type'),
  ],
  [
    'koa/white-space-refused',
    'body/json-notation',
    space,
    refuseWhere(({ body }) => /[\t\r]|\n\n|" :/.test(String(body)), 400, 'pc_sendcallto_invalid'),
  ],
  [
    'hono/escapes-refused',
    'body/json-notation',
    'RFC 8259 7: Any character may be escaped.',
    refuseWhere(({ body }) => body.includes('\\u'), 400, 'pc_sendcallto_invalid'),
  ],
  [
    'nest/star-refused',
    'success/status',
    'Page: "transferFromNumber": "0003*024"',
    refuseNumbers(
      ({ transferFromNumber: from }) => /^[\d*]*\*[\d*]*$/.test(String(from)),
      400,
      'pc_transfer_from_number_invalid',
    ),
  ],
  [
    'express/short-number-refused',
    'success/status',
    sendCallTo,
    refuseNumbers(({ sendCallTo: to }) => /^\d{1,9}$/.test(String(to)), 400, 'pc_sendcallto_invalid'),
  ],
  [
    'nest/long-number-fails',
    'body/send-call-to-invalid',
    sendCallTo,
    refuseNumbers(({ sendCallTo: to }) => String(to).length > 15, 500, 'internal_server_error'),
  ],
  [
    'express/several-workers',
    'effects/call-moves',
    updated,
    () => {
      let readings = 0;
      return {
        answer: (answer, request) =>
          isRead(answer, request) && ++readings % 2 === 0 ? showParties(answer, firstParties) : answer,
      };
    },
  ],
  [
    'koa/reading-cached',
    'effects/call-moves',
    'Page: Use the link returned by the Service to list the details of the PhoneCall making a [List PhoneCall](#) request.',
    () => {
      const cache = new Map<string, PassedAnswer>();
      return {
        answer: (answer, request) => {
          if (isRead(answer, request) && !cache.has(request.path)) cache.set(request.path, answer);
          return isRead(answer, request) ? (cache.get(request.path) ?? answer) : answer;
        },
      };
    },
  ],
  [
    'express/wrong-leg-stays',
    'effects/other-party-stays',
    'Page: The phone number of the party that transfers the call.',
    changeTransfer(({ transferFromNumber: _, transferNumber = '0003*210', ...members }) => {
      return { ...members, transferFromNumber: transferNumber };
    }),
  ],
  [
    'hono/always-the-extension-stays',
    'effects/other-party-stays',
    'Page: Its value can be the phone number of the source or destination.',
    changeTransfer(({ transferNumber: _, ...members }) => ({ ...members, transferFromNumber: '0' })),
  ],
  [
    'hono/loses-leading-zeros',
    'effects/call-moves',
    sendCallTo,
    changeTransfer(({ sendCallTo: to, ...members }) => ({
      ...members,
      sendCallTo: String(to).replace(/^0+(?=\d)/, ''),
    })),
  ],
  [
    'fastify/nobody-leaves',
    'effects/other-party-stays',
    'Page: The phone number of the party that transfers the call.',
    changeReading((name, value) =>
      name === 'destination' ? [...new Set([...(value as string[]), '0003*024'])] : value,
    ),
  ],
  [
    'express/both-leave',
    'effects/other-party-stays',
    'Page: The phone number of the party being transferred.',
    () => {
      let parties = firstParties;
      return {
        answer: (answer, request) => {
          const to = String(readMembers(request.body)?.['sendCallTo']);
          if (isTransferred(answer, request)) parties = [to, to];
          return isRead(answer, request) ? showParties(answer, parties) : answer;
        },
      };
    },
  ],
  [
    'nest/moved-yet-failed',
    'body/send-call-to-extension',
    sendCallTo,
    () => ({
      answer: (answer, request) =>
        isTransferred(answer, request) && String(readMembers(request.body)?.['sendCallTo']).includes('*')
          ? refuse(500, 'internal_server_error')
          : answer,
    }),
  ],
];
