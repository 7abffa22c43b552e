import type { Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented, moveCall, type Call } from '../servers/plain/documented.ts';
import { answering, errorAnswer } from '../servers/plain/variations.ts';
import type { FaultRow } from '../servers/server.ts';

type Moved = (exchange: Exchange) => readonly Call[];

const moved: readonly (readonly [name: string, requirement: string, says: string, moved: Moved])[] = [
  ['only-the-first-moves', 'all-calls-move', 'only the first call moves', ({ calls = [] }) => calls.slice(0, 1)],
  ['only-the-last-moves', 'all-calls-move', 'only the last call moves', ({ calls = [] }) => calls.slice(-1)],
  ['none-moves', 'all-calls-move', 'no call moves', () => []],
  [
    'every-extension-moves',
    'other-extension-stays',
    'the calls of every extension move',
    ({ switchboard }) => switchboard.calls,
  ],
  [
    'one-of-another-moves',
    'other-extension-stays',
    'a call of another extension moves too',
    ({ switchboard, calls = [] }) => calls.concat(switchboard.calls.filter((call) => !calls.includes(call)).slice(-1)),
  ],
];

const noneLeft: readonly (readonly [name: string, status: number, body: unknown])[] = [
  ['empty-list', 200, { entry: [] }],
  ['empty-array', 200, []],
  ['empty-object', 200, {}],
  ['null', 200, null],
  ['not-found', 404, { error: { code: 'not_found', message: 'There are no calls.' } }],
  ['refused', 400, { error: { code: 'pc_phoncall_invalid', message: 'There are no calls.' } }],
  ['failure', 500, { error: { code: 'internal_server_error', message: 'The server failed.' } }],
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
  [
    'bulk/fails',
    'bulk/all-calls-move',
    'A request without a phoneCallId makes the server fail.',
    refusingBulk(500, 'internal_server_error'),
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
