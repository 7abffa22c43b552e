/**
 * Lists right but unusual variants of the servers, each with the sentence that allows it, word for word.
 * `Page` is the documentation page, `Notes` is what is known beyond it.
 */
import type { Options } from './shared.ts';

export const serverNames = ['express', 'fastify', 'koa', 'hono', 'nest'] as const;

type ServerName = (typeof serverNames)[number];

/** A variant: its name, the servers that have it, its options, the sentence, and the verdict if that is not `conforming`. */
type Variant = [name: string, servers: ServerName[], options: Partial<Options>, why: string, ends?: string];

export const variants: Variant[] = [
  ['plain', [...serverNames], {}, 'Nothing is unusual about it.'],
  [
    'parties-checked',
    ['express', 'koa', 'nest'],
    { partiesChecked: true },
    'Page: Its value can be the phone number of the source or destination.',
  ],
  [
    'no-number-twice',
    ['express', 'hono'],
    { noNumberTwice: true },
    'Page: Value supplied in sendCallTo parameter is missing or invalid.',
  ],
  [
    'plus-refused',
    ['express', 'nest'],
    { plusRefused: true },
    'Notes: `UAPI-Extension-Number = *( DIGIT / "*" ) / "@self"`, `UAPI-Phone-Number = *( DIGIT / "+" )`.',
  ],
  [
    'unknown-extensions-refused',
    ['express', 'nest'],
    { unknownExtensionsRefused: true },
    'Page: The parameter must be set to the number of a phone terminal extension.',
  ],
  [
    'body-limit',
    ['express', 'koa', 'hono'],
    { bodyLimit: 16_384 },
    'RFC 9110 15.5.14: The server is refusing to process a request because the request content is larger than the server is willing or able to process.',
  ],
  ['any-media-type', ['express'], { anyMediaType: true }, 'Notes: the header is Content-Type'],
  [
    'firewall',
    ['express', 'nest'],
    { firewall: true },
    'Page: If any 4xx or 5xx status codes is returned, the body contains the [error response](#).',
  ],
  ['no-content', ['express', 'hono'], { success: 204 }, 'Page: 204	There are no phone calls to be returned.'],
  [
    'accepted-late',
    ['express'],
    { success: 202, readsLate: 300 },
    'RFC 9110 15.3.3: The 202 (Accepted) status code indicates that the request has been accepted for processing, but the processing has not been completed.',
  ],
  [
    'reads-late',
    ['express', 'hono'],
    { readsLate: 300 },
    'Page: Assuming that the request has been successful, the Service will send the following answer:',
  ],
  [
    'no-collection',
    ['express', 'fastify', 'koa'],
    { noCollection: true },
    'Notes: | 501 | `request_not_implemented` | the operation is not implemented |',
  ],
  [
    'chunked',
    ['express'],
    { streamed: true },
    'RFC 9112 7.1: A recipient MUST be able to parse and decode the chunked transfer coding.',
  ],
  [
    'streamed',
    ['koa'],
    { streamed: true },
    'RFC 9112 7.1: A recipient MUST be able to parse and decode the chunked transfer coding.',
  ],
  [
    'realm',
    ['express', 'fastify', 'hono'],
    { challenge: 'Bearer realm="UnifiedAPI of 1,2", error="invalid_token"' },
    'RFC 9110 11.6.1: A server generating a 401 (Unauthorized) response MUST send a WWW-Authenticate header field containing at least one challenge.',
  ],
  [
    'busy',
    ['express'],
    { busyAbove: 20 },
    'RFC 6585 4: The 429 status code indicates that the user has sent too many requests in a given amount of time ("rate limiting").',
  ],
  [
    'view-per-party',
    ['express'],
    { viewPerParty: true },
    'Notes: PhoneCallView, always: `id`, `extension`, `source[]`, `destination[]`, `flow`',
  ],
  [
    'call-ends',
    ['fastify', 'koa'],
    { callEnds: true },
    'Page: Value supplied in phoneCallId from the URI-Fragment is invalid. The parameter must be set to an alphanumeric value and reference an existing phone call.',
    'incomplete',
  ],
  [
    'one-transfer-only',
    ['hono', 'nest'],
    { oneTransferOnly: true },
    'Page: Value supplied in transferFromNumber parameter is missing or invalid. The parameter must be set to the value of a phone number.',
    'incomplete',
  ],
  [
    'entry',
    ['fastify', 'koa', 'nest'],
    { entry: true },
    'Notes: real clients get `{"entry": [PhoneCall]}` even for one id.',
  ],
  ['accepted', ['fastify', 'koa', 'nest'], { success: 202 }, 'Page: HTTP/1.1 202 Accepted'],
  [
    'url-limit',
    ['fastify', 'hono'],
    { urlLimit: 1024 },
    'RFC 9110 15.5.15: The server is refusing to service the request because the target URI is longer than the server is willing to interpret.',
  ],
  [
    'header-limit',
    ['fastify', 'hono'],
    { headerLimit: 4096 },
    'RFC 6585 5: The 431 status code indicates that the server is unwilling to process the request because its header fields are too large.',
  ],
  [
    'bare-summary',
    ['fastify', 'hono'],
    { bareSummary: true },
    'Notes: only `id` is required; a server should also send `extension` and `link.self`',
  ],
  [
    'transfer-number-required',
    ['fastify', 'nest'],
    { transferNumberRequired: true },
    'Notes: A server that answers 400 `pc_transfer_number_invalid` to a missing one deserves a warning, not a failure',
  ],
  [
    'closing',
    ['fastify'],
    { closing: true },
    'RFC 9112 9.6: The "close" connection option is defined as a signal that the sender will close this connection after completion of the response.',
  ],
  [
    'called-by-other',
    ['fastify', 'koa'],
    { calledByOther: true },
    'Page: Its value can be the phone number of the source or destination.',
  ],
  [
    'plus-stripped',
    ['koa', 'hono'],
    { plusStripped: true },
    'Notes: | 7 | type UAPI-Extension-Number, but public numbers are sent | `^(?:\\+?[0-9]+|[0-9*]+)$` |',
  ],
  [
    'self-as-number',
    ['koa'],
    { selfAsNumber: true },
    'Notes: `UAPI-Extension-Number = *( DIGIT / "*" ) / "@self"`, `UAPI-Phone-Number = *( DIGIT / "+" )`.',
  ],
  [
    'links',
    ['koa', 'nest'],
    { links: true },
    'Notes: The Transfer page calls it `link`, the resource page and one live answer seen by a client call it `links`.',
  ],
  [
    'action-code',
    ['koa', 'nest'],
    { actionCode: 'pc_action_invalid' },
    'Notes: any other action is refused with a 4xx or 501 and an error body; the code is free',
  ],
  [
    'forbidden',
    ['koa', 'nest'],
    { forbidden: true },
    'Notes: Real clients treat **403** as "the token has expired: fetch a new one and try once more".',
  ],
  ['media-type-demanded', ['hono'], { mediaTypeDemanded: true }, 'Page: Content Type: application/json'],
  [
    'http2',
    ['hono'],
    { http2: true },
    'RFC 9113 3.3: A client can learn that a particular server supports HTTP/2 by other means.',
    'nothing verified',
  ],
  [
    'page-link',
    ['hono'],
    { pageLink: true },
    'Page: "link": { "self": "https://x.x.x.x//uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333" }',
  ],
];
