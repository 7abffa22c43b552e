import type { Answer, Exchange, Reason } from '../servers/plain/behaviour.ts';
import { foreignCall } from '../servers/plain/documented.ts';
import { answering, errorAnswer } from '../servers/plain/variations.ts';
import type { FaultRow, Faults } from '../servers/server.ts';

/** The ways to write a request, each of which a server may have other code for. */
const ways = {
  reading: ({ request }: Exchange) => request.method === 'GET' && !hasSlash(request),
  'reading-with-a-slash': ({ request }: Exchange) => request.method === 'GET' && hasSlash(request),
  'transfer-with-a-slash': ({ request }: Exchange) => request.method === 'PUT' && hasSlash(request),
};

type Way = keyof typeof ways;
const all: readonly Way[] = ['reading', 'reading-with-a-slash', 'transfer-with-a-slash'];

function hasSlash({ url }: Exchange['request']): boolean {
  return url?.endsWith('/') === true;
}

const isWord = ({ address }: Exchange) => /^[0-9a-z]+$/i.test(address?.phoneCallId ?? '');
const isElsewhere = ({ address, switchboard }: Exchange) =>
  switchboard.calls.some(({ id, extension }) => id === address?.phoneCallId && extension !== address.extension);

/** Refuses with an undocumented status where a request is written in one way. */
export const branches: Faults = {
  'path/user-invalid': refuseIn(all, 'a wrong user', 'userId'),
  'path/extension-invalid': refuseIn(all, 'a wrong extension', 'extension'),
  'path/phone-call-malformed': refuseIn(['reading'], 'a malformed id', 'phoneCallId', (exchange) => !isWord(exchange)),
  'path/phone-call-unknown': refuseIn(
    all,
    'an unknown id',
    'phoneCallId',
    (exchange) => isWord(exchange) && !isElsewhere(exchange),
  ),
  'path/call-elsewhere': refuseIn(['reading'], 'another extension', 'phoneCallId', isElsewhere),
  'authorization/foreign-call': refuseIn(all, 'a call of another User', undefined, (exchange, { reason }) => {
    return reason !== 'authorization' && exchange.request.url?.includes(foreignCall.call) === true;
  }),
  'authorization/token-invalid': inTransfers('a wrong token', 'authorization', ({ request }) =>
    /^Bearer \S+$/.test(request.headers.authorization ?? ''),
  ),
  'body/unreadable': inTransfers('an unreadable body', 'body'),
  'body/action': inTransfers('another action', 'action'),
  'body/send-call-to-missing': inTransfers(
    'no sendCallTo',
    'sendCallTo',
    ({ action }) => action?.['sendCallTo'] === undefined,
  ),
  'body/transfer-from-missing': inTransfers(
    'no transferFromNumber',
    'transferFromNumber',
    ({ action }) => action?.['transferFromNumber'] === undefined,
  ),
  'body/transfer-from-invalid': inTransfers(
    'a wrong transferFromNumber',
    'transferFromNumber',
    ({ action }) => action?.['transferFromNumber'] !== undefined,
  ),
  'body/transfer-number-invalid': inTransfers('a wrong transferNumber', 'transferNumber'),
};

function inTransfers(name: string, reason: Reason, isMeant?: (exchange: Exchange) => boolean): FaultRow[] {
  return refuseIn(['transfer-with-a-slash'], name, reason, isMeant);
}

function refuseIn(
  some: readonly Way[],
  name: string,
  reason: Reason | undefined,
  isMeant: (exchange: Exchange, answer: Answer) => boolean = () => true,
): FaultRow[] {
  return some.map((way) => [
    `branches/${way}-of-${name.replaceAll(' ', '-')}`,
    `A ${way.replaceAll('-', ' ')} by ${name} is answered with ${way.startsWith('reading') ? 409 : 500}.`,
    answering('refused', (answer, exchange) =>
      [undefined, answer.reason].includes(reason) && ways[way](exchange) && isMeant(exchange, answer)
        ? failing(exchange)
        : answer,
    ),
  ]);
}

/** Any 4xx may refuse some transfers. */
function failing({ request }: Exchange): Answer {
  return request.method === 'GET' ? errorAnswer(409, 'conflict') : errorAnswer(500, 'internal_server_error');
}
