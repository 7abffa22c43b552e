import type { Address, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented, moveCall, type Call } from '../servers/plain/documented.ts';
import { accepting, answering, errorAnswer, refusing } from '../servers/plain/variations.ts';
import type { FaultRow } from '../servers/server.ts';

const phantom: Call = {
  id: '00000000000000000000',
  extension: '0003*210',
  legId: '99',
  callerId: 'Unknown',
  published: '2012-06-27T16:08:50+02:00',
  answered: '2012-06-27T16:08:55+03:00',
  source: ['0003*210'],
  destination: ['0003*024'],
};

const isWord = (id: string) => /^[A-Za-z0-9]+$/.test(id);

/** The ways to read an id, with the kind of id that is then found. */
const readings: readonly (readonly [name: string, kind: string, says: string, read: (id: string) => string])[] = [
  ['stripped', 'malformed', 'without the other characters', (id) => id.replaceAll(/[^A-Za-z0-9]/g, '')],
  ['trimmed', 'malformed', 'without the blanks around it', (id) => id.trim()],
  ['cut', 'malformed', 'up to the first other character', (id) => id.replace(/[^A-Za-z0-9].*$/s, '')],
  [
    'cut-at-its-length',
    'unknown',
    'with more letters and digits after it',
    (id) => (isWord(id) ? id.slice(0, 20) : id),
  ],
];

/** Finds calls that the phoneCallId does not name, or fails on unusual ids. */
export const calls: readonly FaultRow[] = [
  ...readings.map(([name, kind, says, read]): FaultRow => [
    `path/call-found-${name}`,
    `path/phone-call-${kind}`,
    `A call is found by its id ${says}.`,
    {
      find: ({ phoneCallId, ...address }, switchboard) =>
        documented.find({ ...address, phoneCallId: phoneCallId && read(phoneCallId) }, switchboard),
    },
  ]),
  [
    'path/call-found-under-another-extension',
    'path/call-elsewhere',
    'A call is found by its id under every extension of its User.',
    {
      find: ({ extension, ...address }, switchboard) =>
        documented.find(
          { ...address, extension: address.phoneCallId === undefined ? extension : '@self' },
          switchboard,
        ),
    },
  ],
  [
    'path/call-found-under-another-user',
    'path/call-elsewhere',
    'A call is found under the id of every User that exists.',
    accepting('userId', (value, { switchboard }) => switchboard.foreign?.userIds.some((id) => id === value) === true),
  ],
  [
    'path/call-found-by-a-prefix',
    'path/phone-call-unknown',
    'A call is found by the beginning of its id.',
    {
      find: (address, switchboard) => {
        const { phoneCallId } = address;
        const call = switchboard.calls.find(({ id }) => phoneCallId !== undefined && id.startsWith(phoneCallId));
        return documented.find({ ...address, phoneCallId: call?.id ?? phoneCallId }, switchboard);
      },
    },
  ],
  [
    'path/malformed-call-accepted',
    'path/phone-call-malformed',
    'A transfer to a malformed phoneCallId succeeds.',
    findingInstead(true, ({ phoneCallId = phantom.id }) => [{ ...phantom, id: phoneCallId }]),
  ],
  [
    'path/unknown-call-means-the-only-one',
    'path/phone-call-unknown',
    'An unknown phoneCallId means the first call of the extension.',
    findingInstead(false, (address, switchboard) =>
      documented.find({ ...address, phoneCallId: undefined }, switchboard)?.slice(0, 1),
    ),
  ],
  [
    'path/malformed-call-answered-404-not-found',
    'path/phone-call-malformed',
    'A malformed phoneCallId is refused with 404 and not_found, an unknown one as documented.',
    refusingWhere(isMalformed, 404, 'not_found'),
  ],
  [
    'path/unknown-call-answered-404-not-found',
    'path/phone-call-unknown',
    'An unknown phoneCallId is refused with 404 and not_found, a malformed one as documented.',
    refusingWhere((address) => !isMalformed(address), 404, 'not_found'),
  ],
  [
    'path/undecodable-fails',
    'path/phone-call-malformed',
    'A percent sign without digits makes the server fail.',
    { decode: decodeURIComponent },
  ],
  [
    'path/undecodable-drops-the-connection',
    'http/message',
    'A percent sign without digits ends the connection without an answer.',
    {
      send: (answer, exchange) =>
        /%(?![0-9A-Fa-f]{2})/.test(exchange.request.url ?? '')
          ? void exchange.request.socket.destroy()
          : documented.send(answer, exchange),
    },
  ],
  [
    'path/long-id-fails',
    'path/phone-call-unknown',
    'A phoneCallId of more than 64 letters and digits makes the server fail.',
    refusingWhere(({ phoneCallId = '' }) => phoneCallId.length > 64, 500, 'internal_server_error'),
  ],
];

function isMalformed({ phoneCallId = '' }: Address): boolean {
  return !isWord(phoneCallId);
}

/** Finds something else where an id names nothing, and is malformed or is not. */
function findingInstead(malformed: boolean, find: Behaviour['find']): Partial<Behaviour> {
  return {
    find: (address, switchboard) =>
      documented.find(address, switchboard) ??
      (isMalformed(address) === malformed ? find(address, switchboard) : undefined),
  };
}

function refusingWhere(where: (address: Address) => boolean, status: number, code: string): Partial<Behaviour> {
  return refusing('phoneCallId', (answer, { address }) =>
    address && where(address) ? errorAnswer(status, code) : answer,
  );
}

type Moved = (exchange: Exchange) => readonly Call[];

const moved: readonly (readonly [name: string, requirement: string, says: string, moved: Moved])[] = [
  ['only-the-last-moves', 'all-calls-move', 'only the last call moves', ({ calls = [] }) => calls.slice(-1)],
  [
    'every-extension-moves',
    'other-extension-stays',
    'the calls of every extension move',
    ({ switchboard }) => switchboard.calls,
  ],
];

const noneLeft: readonly (readonly [name: string, status: number, body: unknown])[] = [
  ['empty-list', 200, { entry: [] }],
  ['not-found', 404, { error: { code: 'not_found', message: 'There are no calls.' } }],
];

/** Is wrong only where the phoneCallId is left out. */
export const bulk: readonly FaultRow[] = [
  ...moved.map(([name, requirement, says, affected]): FaultRow => [
    `bulk/${name}`,
    `bulk/${requirement}`,
    `Without a phoneCallId ${says}.`,
    {
      transfer: (exchange) =>
        isBulk(exchange)
          ? affected(exchange).forEach((call) =>
              moveCall(call, exchange.action?.['sendCallTo'], exchange.action?.['transferFromNumber']),
            )
          : documented.transfer(exchange),
    },
  ]),
  ...noneLeft.map(([name, status, body]): FaultRow => [
    `bulk/none-left-${name}`,
    'bulk/none-left',
    `Where there are no calls to transfer, the answer is ${status} and ${JSON.stringify(body)}.`,
    answering('transferred', (answer) =>
      answer.status === 204
        ? { ...answer, status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
        : answer,
    ),
  ]),
  [
    'bulk/refused',
    'bulk/all-calls-move',
    'A request without a phoneCallId is refused with pc_phoncall_invalid.',
    refusingBulk(400, 'pc_phoncall_invalid'),
  ],
];

function isBulk({ address }: Exchange): boolean {
  return address?.phoneCallId === undefined;
}

function refusingBulk(status: number, code: string): Partial<Behaviour> {
  return {
    transfer: (exchange) => (isBulk(exchange) ? undefined : documented.transfer(exchange)),
    ...answering('transferred', (answer, exchange) =>
      isBulk(exchange) && answer.status !== 204 ? errorAnswer(status, code) : answer,
    ),
  };
}
