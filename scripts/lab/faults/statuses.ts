import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { startPlainServer } from '../servers/plain/start.ts';
import { answering, errorAnswer } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

const refusals: readonly (readonly [status: number, code: string])[] = [
  [400, 'pc_phoncall_invalid'],
  [401, 'access_denied'],
  [409, 'conflict'],
  [500, 'internal_server_error'],
];

/** Refuses or redirects every valid transfer, and moves nothing. */
export const statuses: readonly FaultyServer[] = [
  ...refusals.map(([status, code]) =>
    fault(
      `statuses/valid-refused-${status}-${code.replaceAll('_', '-')}`,
      'success/status',
      `Every valid transfer is refused with ${status} and ${code}, and moves nothing.`,
      refusingEveryTransfer(errorAnswer(status, code)),
    ),
  ),
  ...[301, 302, 307, 308].map((status) =>
    fault(
      `statuses/redirect-${status}-to-itself`,
      'success/status',
      `A transfer is answered with ${status} and the same address, again and again.`,
      refusingEveryTransfer((exchange) => redirect(status, `${exchange.base}${exchange.request.url}`)),
    ),
  ),
  ...[302, 307, 308].map((status) => ({
    id: `statuses/redirect-${status}-to-another-origin`,
    requirement: 'success/status',
    says: `A transfer is answered with ${status} and the address of another origin, where it would succeed.`,
    start: () => startRedirectingServer(status),
  })),
  fault(
    'statuses/redirect-307-to-another-path',
    'success/status',
    'A transfer is answered with 307 and another path, where it succeeds.',
    redirectingToAnotherPath(),
  ),
];

function refusingEveryTransfer(answer: Answer | ((exchange: Exchange) => Answer)): Partial<Behaviour> {
  return {
    transfer: () => {},
    ...answering('transferred', (_answer, exchange) => (typeof answer === 'function' ? answer(exchange) : answer)),
  };
}

function redirect(status: number, location: string): Answer {
  return { outcome: 'refused', status, headers: { location }, body: '' };
}

async function startRedirectingServer(status: number) {
  const other = await startPlainServer();
  const server = await startPlainServer({
    behaviour: answering('transferred', (_answer, { request }) => redirect(status, `${other.url}${request.url}`)),
  });
  const close = async () => {
    await Promise.all([server.close(), other.close()]);
  };
  return { url: server.url, close };
}

function redirectingToAnotherPath(): Partial<Behaviour> {
  const isMoved = ({ request }: Exchange) => request.url?.startsWith('/moved/') ?? false;
  return {
    route: (path) => documented.route(path.replace(/^\/moved\//, '/')),
    transfer: (exchange) => (isMoved(exchange) ? documented.transfer(exchange) : undefined),
    ...answering('transferred', (answer, exchange) =>
      isMoved(exchange) ? answer : redirect(307, `${exchange.base}/moved${exchange.request.url}`),
    ),
  };
}
