import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { answering, errorAnswer } from '../servers/plain/variations.ts';
import { hyphened, type FaultRow } from '../servers/server.ts';

const refusals: readonly (readonly [status: number, code: string])[] = [
  [400, 'pc_phoncall_invalid'],
  [401, 'access_denied'],
  [409, 'conflict'],
  [500, 'internal_server_error'],
];

/** Refuses or redirects every valid transfer, and moves nothing. */
export const statuses: readonly FaultRow[] = [
  ...refusals.map(([status, code]): FaultRow => [
    `statuses/valid-refused-${status}-${hyphened(code)}`,
    'success/status',
    `Every valid transfer is refused with ${status} and ${code}, and moves nothing.`,
    answeringInstead(() => errorAnswer(status, code)),
  ]),
  ...[301, 302, 307, 308].map((status): FaultRow => [
    `statuses/redirect-${status}-to-itself`,
    'success/status',
    `A transfer is answered with ${status} and the same address, again and again.`,
    answeringInstead((exchange) => redirect(status, `${exchange.base}${exchange.request.url}`)),
  ]),
  ...[302, 307, 308].map((status): FaultRow => [
    `statuses/redirect-${status}-to-another-origin`,
    'success/status',
    `A transfer is answered with ${status} and the address of another origin, where it would succeed.`,
    answeringInstead(
      ({ base, request }) => redirect(status, `${base.replace('127.0.0.1', 'localhost')}${request.url}`),
      ({ base }) => base.includes('localhost'),
    ),
  ]),
  [
    'statuses/redirect-307-to-another-path',
    'success/status',
    'A transfer is answered with 307 and another path, where it succeeds.',
    {
      ...answeringInstead(
        ({ base, request }) => redirect(307, `${base}/moved${request.url}`),
        ({ request }) => request.url?.startsWith('/moved/') ?? false,
      ),
      route: (path) => documented.route(path.replace(/^\/moved\//, '/')),
    },
  ],
];

/** Answers transfers in another way and moves nothing, except those that are understood. */
function answeringInstead(
  answerTo: (exchange: Exchange) => Answer,
  isUnderstood: (exchange: Exchange) => boolean = () => false,
): Partial<Behaviour> {
  return {
    transfer: (exchange) => (isUnderstood(exchange) ? documented.transfer(exchange) : undefined),
    ...answering('transferred', (answer, exchange) => (isUnderstood(exchange) ? answer : answerTo(exchange))),
  };
}

function redirect(status: number, location: string): Answer {
  return { outcome: 'refused', status, headers: { location }, body: '' };
}
