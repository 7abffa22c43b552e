import type { Exchange } from '../servers/plain/behaviour.ts';
import { documented, moveCall } from '../servers/plain/documented.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

type Destination = (exchange: Exchange, sendCallTo: string) => readonly unknown[];

const wrongDestinations: readonly (readonly [name: string, says: string, destination: Destination])[] = [
  ['transfer-number', 'to transferNumber', ({ action }) => [action?.['transferNumber'] ?? '0003*210']],
  ['transfer-from-number', 'to transferFromNumber', ({ action }) => [action?.['transferFromNumber']]],
  ['truncated', 'to a number without its last digit', (_exchange, sendCallTo) => [sendCallTo.slice(0, -1)]],
  ['one-digit-more', 'to a number with a 0 before it', (_exchange, sendCallTo) => [`0${sendCallTo}`]],
  ['reversed', 'to the digits in reverse', (_exchange, sendCallTo) => [[...sendCallTo].reverse().join('')]],
  ['always-the-same', 'to one and the same number', () => ['5550000']],
  ['nowhere', 'to nowhere', () => []],
  ['without-asterisk', 'to a number without its asterisk', (_exchange, sendCallTo) => [sendCallTo.replaceAll('*', '')]],
];

/** Servers that move calls that must stay, or leave those that must move. */
export const effects: readonly FaultyServer[] = [
  fault('effects/none', 'effects/call-moves', 'A transfer is answered with a success, but nothing moves.', {
    transfer: () => {},
  }),
  ...wrongDestinations.map(([name, says, destination]) =>
    fault(`effects/moves-${name}`, 'effects/call-moves', `A transfer moves the call ${says}.`, {
      transfer: (exchange) => moveTo(exchange, destination(exchange, String(exchange.action?.['sendCallTo']))),
    }),
  ),
  fault('effects/only-extensions', 'effects/call-moves', 'Only a transfer to an extension moves the call.', {
    transfer: (exchange) => {
      if (String(exchange.action?.['sendCallTo']).includes('*')) return documented.transfer(exchange);
    },
  }),
  fault('effects/only-public-numbers', 'effects/call-moves', 'Only a transfer to a public number moves the call.', {
    transfer: (exchange) => {
      if (!String(exchange.action?.['sendCallTo']).includes('*')) return documented.transfer(exchange);
    },
  }),
  fault('effects/only-with-transfer-number', 'effects/call-moves', 'Only with a transferNumber does the call move.', {
    transfer: (exchange) => {
      if (exchange.action?.['transferNumber'] !== undefined) return documented.transfer(exchange);
    },
  }),
  fault('effects/only-the-first-transfer', 'effects/call-moves', 'A call that moved once does not move again.', () => {
    const moved = new Set<string>();
    return {
      transfer: (exchange) => {
        const id = String(exchange.calls?.[0]?.id);
        if (!moved.has(id)) void documented.transfer(exchange);
        moved.add(id);
      },
    };
  }),
  fault('effects/read-from-a-copy', 'effects/call-moves', 'The call is read as it was before any transfer.', () => {
    const copies = new Map<string, unknown>();
    return {
      showDetails: (call, exchange) => {
        if (!copies.has(call.id)) copies.set(call.id, documented.showDetails(call, exchange));
        return copies.get(call.id);
      },
    };
  }),
  fault(
    'effects/source-moves',
    'effects/call-moves',
    'The number that the call was sent to shows as its source.',
    () => {
      const sources = new Map<string, unknown>();
      return {
        transfer: ({ calls = [], action }) => calls.forEach(({ id }) => sources.set(id, action?.['sendCallTo'])),
        showDetails: (call, exchange) =>
          documented.showDetails(
            sources.has(call.id) ? { ...call, source: [String(sources.get(call.id))] } : call,
            exchange,
          ),
      };
    },
  ),
  fault('effects/other-call-moves', 'effects/other-call-stays', 'The other calls of the extension move too.', {
    transfer: ({ switchboard, calls = [], action }) =>
      switchboard.calls
        .filter(({ extension }) => calls.some((call) => call.extension === extension))
        .forEach((call) => moveCall(call, action?.['sendCallTo'])),
  }),
  fault(
    'effects/call-of-another-extension-moves',
    'effects/other-call-stays',
    'A call of another extension moves too.',
    {
      transfer: ({ switchboard, calls = [], action }) =>
        [...calls, ...switchboard.calls.slice(2)].forEach((call) => moveCall(call, action?.['sendCallTo'])),
    },
  ),
  fault('effects/self-moves-every-call', 'effects/other-call-stays', 'With @self every call of the User moves.', {
    transfer: ({ switchboard, calls = [], address, action }) =>
      (address?.extension === '@self' ? switchboard.calls : calls).forEach((call) =>
        moveCall(call, action?.['sendCallTo']),
      ),
  }),
  fault(
    'effects/slash-moves-every-call',
    'effects/other-call-stays',
    'With a slash at the end all calls of the extension move.',
    {
      transfer: ({ switchboard, calls = [], request, action }) =>
        switchboard.calls
          .filter(
            (call) => calls.includes(call) || (request.url?.endsWith('/') && call.extension === calls[0]?.extension),
          )
          .forEach((call) => moveCall(call, action?.['sendCallTo'])),
    },
  ),
];

function moveTo({ calls = [] }: Exchange, destination: readonly unknown[]): void {
  for (const call of calls) call.destination = destination.map(String);
}
