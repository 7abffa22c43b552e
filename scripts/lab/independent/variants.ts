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
  [
    'firewall',
    ['express', 'nest'],
    { firewall: true },
    'Page: If any 4xx or 5xx status codes is returned, the body contains the [error response](#).',
  ],
  [
    'reads-late',
    ['express', 'hono'],
    { readsLate: 300 },
    'Page: Assuming that the request has been successful, the Service will send the following answer:',
  ],
  [
    'busy',
    ['express'],
    { busyAbove: 20 },
    'RFC 6585 4: The 429 status code indicates that the user has sent too many requests in a given amount of time ("rate limiting").',
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
    'called-by-other',
    ['fastify', 'koa'],
    { calledByOther: true },
    'Page: Its value can be the phone number of the source or destination.',
  ],
  [
    'http2',
    ['hono'],
    { http2: true },
    'RFC 9113 3.3: A client can learn that a particular server supports HTTP/2 by other means.',
    'nothing verified',
  ],
];
