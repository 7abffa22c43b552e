import type { Exchange } from '../servers/plain/behaviour.ts';
import { documented, moveCall, type Call } from '../servers/plain/documented.ts';
import { answering } from '../servers/plain/variations.ts';
import type { FaultRow, Faults } from '../servers/server.ts';

/** Is wrong only where the phoneCallId is left out. */
export const bulk: Faults = {
  'bulk/all-calls-move': [
    moving('only-the-last-moves', 'only the last call moves', ({ calls = [] }) => calls.slice(-1)),
  ],
  'bulk/other-extension-stays': [
    moving('every-extension-moves', 'the calls of every extension move', ({ switchboard }) => switchboard.calls),
  ],
  'bulk/none-left': [
    [
      'bulk/none-left-empty-list',
      'Where there are no calls to transfer, the answer is 200 and an empty list.',
      answering('transferred', (answer) =>
        answer.status === 204
          ? { ...answer, status: 200, headers: { 'content-type': 'application/json' }, body: '{"entry":[]}' }
          : answer,
      ),
    ],
  ],
};

function moving(name: string, says: string, listMoved: (exchange: Exchange) => readonly Call[]): FaultRow {
  return [
    `bulk/${name}`,
    `Without a phoneCallId ${says}.`,
    {
      transfer: (exchange) => {
        const { address, action } = exchange;
        if (address?.phoneCallId !== undefined) return documented.transfer(exchange);
        for (const call of listMoved(exchange)) moveCall(call, action?.['sendCallTo'], action?.['transferFromNumber']);
      },
    },
  ];
}
