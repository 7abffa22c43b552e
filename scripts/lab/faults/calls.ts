import type { Address, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import type { Call } from '../servers/plain/switchboard.ts';
import { errorAnswer, refusing } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

const phantom: Call = {
  id: '00000000000000000000',
  extension: '0003*210',
  legId: '99',
  callerId: 'Nobody',
  published: '2012-06-27T16:08:50+02:00',
  answered: '2012-06-27T16:08:55+03:00',
  source: ['0003*210'],
  destination: ['0003*024'],
};

const normalised: readonly (readonly [
  name: string,
  requirement: string,
  says: string,
  normalise: (phoneCallId: string) => string,
])[] = [
  ['stripped', 'path/phone-call-malformed', 'without the other characters', (id) => id.replaceAll(/[^A-Za-z0-9]/g, '')],
  ['trimmed', 'path/phone-call-malformed', 'without the blanks around it', (id) => id.trim()],
  ['cut', 'path/phone-call-malformed', 'up to the first other character', (id) => id.replace(/[^A-Za-z0-9].*$/s, '')],
  [
    'after-the-last-sign',
    'path/phone-call-malformed',
    'after the last other character',
    (id) => id.replace(/^.*[^A-Za-z0-9]/s, ''),
  ],
  [
    'cut-at-its-length',
    'path/phone-call-unknown',
    'with more letters and digits after it',
    (id) => (/^[A-Za-z0-9]+$/.test(id) ? id.slice(0, 20) : id),
  ],
];

const answers: readonly (readonly [status: number, code: string])[] = [
  [400, 'pc_phonecall_invalid'],
  [404, 'not_found'],
  [500, 'internal_server_error'],
];

/** Servers that find calls which the phoneCallId does not name, or fail on unusual ids. */
export const calls: readonly FaultyServer[] = [
  ...normalised.map(([name, requirement, says, normalise]) =>
    fault(`path/call-found-${name}`, requirement, `A call is found by its id ${says}.`, findingBy(normalise)),
  ),
  fault('path/call-found-by-a-prefix', 'path/phone-call-unknown', 'A call is found by the beginning of its id.', {
    find: (address, switchboard) => {
      const { phoneCallId } = address;
      const call = switchboard.calls.find(({ id }) => phoneCallId !== undefined && id.startsWith(phoneCallId));
      return documented.find({ ...address, phoneCallId: call?.id ?? phoneCallId }, switchboard);
    },
  }),
  fault('path/unknown-call-accepted', 'path/phone-call-unknown', 'A transfer of a call that does not exist succeeds.', {
    find: (address, switchboard) =>
      documented.find(address, switchboard) ?? (isMalformed(address) ? undefined : phantomOf(address)),
  }),
  fault(
    'path/malformed-call-accepted',
    'path/phone-call-malformed',
    'A transfer to a malformed phoneCallId succeeds.',
    {
      find: (address, switchboard) =>
        documented.find(address, switchboard) ?? (isMalformed(address) ? phantomOf(address) : undefined),
    },
  ),
  fault(
    'path/unknown-call-means-the-only-one',
    'path/phone-call-unknown',
    'An unknown phoneCallId means the first call of the extension.',
    {
      find: (address, switchboard) =>
        documented.find(address, switchboard) ??
        (isMalformed(address)
          ? undefined
          : documented.find({ ...address, phoneCallId: undefined }, switchboard)?.slice(0, 1)),
    },
  ),
  ...answers.map(([status, code]) =>
    fault(
      `path/malformed-call-answered-${status}-${code.replaceAll('_', '-')}`,
      'path/phone-call-malformed',
      `A malformed phoneCallId is refused with ${status} and ${code}, an unknown one as documented.`,
      refusingWhere(isMalformed, status, code),
    ),
  ),
  ...answers.map(([status, code]) =>
    fault(
      `path/unknown-call-answered-${status}-${code.replaceAll('_', '-')}`,
      'path/phone-call-unknown',
      `An unknown phoneCallId is refused with ${status} and ${code}, a malformed one as documented.`,
      refusingWhere((address) => !isMalformed(address), status, code),
    ),
  ),
  fault('path/undecodable-fails', 'path/phone-call-malformed', 'A percent sign without digits makes the server fail.', {
    decode: (segment) => decodeURIComponent(segment),
  }),
  fault(
    'path/undecodable-drops-the-connection',
    'http/message',
    'A percent sign without digits ends the connection without an answer.',
    {
      send: (answer, exchange) =>
        /%(?![0-9A-Fa-f]{2})/.test(exchange.request.url ?? '')
          ? void exchange.request.socket.destroy()
          : documented.send(answer, exchange),
    },
  ),
  fault(
    'path/long-id-fails',
    'path/phone-call-unknown',
    'A phoneCallId of more than 64 letters and digits makes the server fail.',
    refusingWhere(({ phoneCallId = '' }) => phoneCallId.length > 64, 500, 'internal_server_error'),
  ),
];

function isMalformed({ phoneCallId = '' }: Address): boolean {
  return !/^[A-Za-z0-9]+$/.test(phoneCallId);
}

function phantomOf({ phoneCallId = phantom.id }: Address): readonly Call[] {
  return [{ ...phantom, id: phoneCallId }];
}

function findingBy(normalise: (phoneCallId: string) => string): Partial<Behaviour> {
  return {
    find: ({ phoneCallId, ...address }, switchboard) =>
      documented.find({ ...address, phoneCallId: phoneCallId && normalise(phoneCallId) }, switchboard),
  };
}

function refusingWhere(where: (address: Address) => boolean, status: number, code: string): Partial<Behaviour> {
  return refusing('phoneCallId', (answer, { address }: Exchange) =>
    address && where(address) ? errorAnswer(status, code) : answer,
  );
}
