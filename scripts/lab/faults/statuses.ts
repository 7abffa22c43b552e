import type { Answer, Behaviour, Exchange, Reason } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { startPlainServer } from '../servers/plain/start.ts';
import { answering, errorAnswer, refusal, refusing } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault, forgiving } from './fault.ts';

const insteadOfSuccess = [201, 203, 205, 206, 207] as const;

const insteadOfTransfer: readonly (readonly [status: number, code: string])[] = [
  [400, 'pc_sendcallto_invalid'],
  [400, 'pc_phoncall_invalid'],
  [401, 'access_denied'],
  [404, 'not_found'],
  [409, 'conflict'],
  [500, 'internal_server_error'],
  [501, 'request_not_implemented'],
  [502, 'bad_gateway'],
];

const insteadOfRefusal: readonly (readonly [reason: Reason, requirement: string, statuses: readonly number[]])[] = [
  ['userId', 'path/user-invalid', [200, 403, 404, 500]],
  ['extension', 'path/extension-invalid', [200, 404, 422, 500]],
  ['phoneCallId', 'path/phone-call-unknown', [200, 403, 404, 410, 422, 500]],
  ['sendCallTo', 'body/send-call-to-invalid', [200, 403, 422, 500]],
  ['transferFromNumber', 'body/transfer-from-invalid', [200, 404, 422, 500]],
  ['transferNumber', 'body/transfer-number-invalid', [200, 422, 500]],
  ['action', 'body/action', [200, 302, 500]],
  ['body', 'body/unreadable', [200, 500]],
];

/** Answers with a status other than the documented one. */
export const statuses: readonly FaultyServer[] = [
  ...insteadOfSuccess.map((status) =>
    fault(
      `statuses/success-${status}`,
      'success/status',
      `A transfer is answered with ${status}.`,
      answering('transferred', (answer) => ({ ...answer, status })),
    ),
  ),
  ...insteadOfTransfer.map(([status, code]) =>
    fault(
      `statuses/valid-refused-${status}-${code.replaceAll('_', '-')}`,
      'success/status',
      `Every valid transfer is refused with ${status} and ${code}, and moves nothing.`,
      refusingEveryTransfer(errorAnswer(status, code)),
    ),
  ),
  ...insteadOfRefusal.flatMap(([reason, requirement, wrong]) =>
    wrong.map((status) =>
      fault(
        `statuses/refused-${reason}-${status}`,
        requirement,
        `A request with an invalid ${reason} is refused with the right body, but with ${status}.`,
        refusal(reason, { status }),
      ),
    ),
  ),
  ...[301, 302, 307, 308].map((status) =>
    fault(
      `statuses/redirect-${status}-to-itself`,
      'success/status',
      `A transfer is answered with ${status} and its own address, for ever.`,
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
  fault(
    'statuses/unknown-call-204',
    'path/phone-call-unknown',
    'A phoneCallId that references no call is answered with 204, as if there were merely nothing to return.',
    refusing('phoneCallId', (answer) => ({ ...answer, status: 204, headers: {}, body: '' })),
  ),
  fault(
    'statuses/missing-send-call-to-204',
    'body/send-call-to-missing',
    'A request without sendCallTo is answered with 204.',
    refusing('sendCallTo', (answer, { action }) =>
      action?.['sendCallTo'] === undefined ? { ...answer, status: 204, headers: {}, body: '' } : answer,
    ),
  ),
  fault(
    'statuses/missing-send-call-to-200',
    'body/send-call-to-missing',
    'A request without sendCallTo is answered with 200 and the call, and moves nothing.',
    forgiving('sendCallTo', ({ action }) => action?.['sendCallTo'] === undefined),
  ),
  fault(
    'statuses/missing-transfer-from-200',
    'body/transfer-from-missing',
    'A request without transferFromNumber is answered with 200 and the call, and moves nothing.',
    forgiving('transferFromNumber', ({ action }) => action?.['transferFromNumber'] === undefined),
  ),
  fault(
    'statuses/missing-transfer-from-500',
    'body/transfer-from-missing',
    'A request without transferFromNumber makes the server fail.',
    refusing('transferFromNumber', (answer, { action }) =>
      action?.['transferFromNumber'] === undefined ? errorAnswer(500, 'internal_server_error') : answer,
    ),
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
