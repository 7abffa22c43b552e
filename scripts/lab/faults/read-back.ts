import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { answering, errorAnswer, reading, without, type Members } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

type Row = readonly [
  name: string,
  requirement: string,
  says: string,
  change: (members: Members, exchange: Exchange) => unknown,
];

const ofTheView: readonly Row[] = [
  ['view-id-missing', 'read-back/phone-call', 'no id', (view) => without(view, 'id')],
  ['view-id-empty', 'read-back/phone-call', 'an empty id', (view) => ({ ...view, id: '' })],
  ['view-id-number', 'read-back/phone-call', 'a number for an id', (view) => ({ ...view, id: 1 })],
  ['view-extension-missing', 'read-back/phone-call', 'no extension', (view) => without(view, 'extension')],
  ['view-extension-name', 'read-back/phone-call', 'a name for an extension', (view) => ({ ...view, extension: 'x' })],
  ['status-missing', 'read-back/phone-call', 'no status', (view) => without(view, 'status')],
  ['status-6', 'read-back/phone-call', 'the status 6', (view) => ({ ...view, status: 6 })],
  ['status-negative', 'read-back/phone-call', 'the status -1', (view) => ({ ...view, status: '-1' })],
  ['status-words', 'read-back/phone-call', 'a status in words', (view) => ({ ...view, status: 'on call' })],
  ['status-boolean', 'read-back/phone-call', 'true for a status', (view) => ({ ...view, status: true })],
  ['status-null', 'read-back/phone-call', 'null for a status', (view) => ({ ...view, status: null })],
  ['source-missing', 'read-back/phone-call', 'no source', (view) => without(view, 'source')],
  ['source-text', 'read-back/phone-call', 'one text for a source', (view) => ({ ...view, source: '0003*210' })],
  ['destination-missing', 'read-back/phone-call', 'no destination', (view) => without(view, 'destination')],
  ['destination-null', 'read-back/phone-call', 'null for a destination', (view) => ({ ...view, destination: null })],
  [
    'destination-text',
    'read-back/phone-call',
    'one text for a destination',
    (view) => ({
      ...view,
      destination: (view['destination'] as string[])[0],
    }),
  ],
  [
    'destination-numbers',
    'read-back/phone-call',
    'numbers for destinations',
    (view) => ({
      ...view,
      destination: (view['destination'] as string[]).map((number) => Number(number.replaceAll(/\D/g, ''))),
    }),
  ],
  [
    'destination-objects',
    'read-back/phone-call',
    'objects for destinations',
    (view) => ({
      ...view,
      destination: (view['destination'] as string[]).map((number) => ({ number })),
    }),
  ],
  ['flow-3', 'read-back/phone-call', 'the flow 3', (view) => ({ ...view, flow: 3 })],
  ['disposition-6', 'read-back/phone-call', 'the disposition 6', (view) => ({ ...view, disposition: 6 })],
  ['caller-id-object', 'read-back/phone-call', 'an object for a callerId', (view) => ({ ...view, callerId: {} })],
  ['ringing-words', 'read-back/phone-call', 'a date in words', (view) => ({ ...view, ringing: 'yesterday' })],
  [
    'view-answered-local',
    'read-back/phone-call',
    'a date without an offset',
    (view) => ({
      ...view,
      answered: '2012-06-27T16:08:55',
    }),
  ],
  ['caller-id-null', 'read-back/no-null-members', 'null for a callerId', (view) => ({ ...view, callerId: null })],
  ['parked-null', 'read-back/no-null-members', 'null for the date parked', (view) => ({ ...view, parked: null })],
  ['holder-null', 'read-back/no-null-members', 'null for a holder', (view) => ({ ...view, holder: null })],
];

const ofTheCall: readonly Row[] = [
  ['id-missing', 'read-back/phone-call', 'no id', (call) => without(call, 'id')],
  ['id-number', 'read-back/phone-call', 'a number for an id', (call) => ({ ...call, id: 12 })],
  ['id-of-another-call', 'read-back/id', 'the id of another call', (call) => ({ ...call, id: 'c4d90aa1b7e25f604418' })],
  ['id-upper-case', 'read-back/id', 'its id in upper case', (call) => ({ ...call, id: `${call['id']}`.toUpperCase() })],
  ['published-seconds', 'read-back/phone-call', 'published in seconds', (call) => ({ ...call, published: 1340802530 })],
  [
    'answered-month-13',
    'read-back/phone-call',
    'a month 13',
    (call) => ({ ...call, answered: '2012-13-27T16:08:55Z' }),
  ],
  ['owner-id-number', 'read-back/phone-call', 'a number for an ownerId', (call) => ({ ...call, ownerId: 3 })],
  ['owner-name-null', 'read-back/no-null-members', 'null for an ownerName', (call) => ({ ...call, ownerName: null })],
  ['nonce-null', 'read-back/no-null-members', 'null for a nonce', (call) => ({ ...call, nonce: null })],
  [
    'views-object',
    'read-back/phone-call',
    'one object for phoneCallView',
    (call) => ({
      ...call,
      phoneCallView: (call['phoneCallView'] as unknown[])[0],
    }),
  ],
  [
    'link-of-another-call',
    'read-back/link-names-the-call',
    'the self link of another call',
    (call) => ({ ...call, link: { self: '/uapi/phoneCalls/12/0003*210/c4d90aa1b7e25f604418' } }),
  ],
  ['link-text', 'read-back/phone-call', 'text for a link', (call) => ({ ...call, link: '/uapi' })],
];

const ofTheWhole: readonly Row[] = [
  ['text', 'read-back/phone-call', 'text', () => 'on call'],
  ['null', 'read-back/phone-call', 'null', () => null],
  ['object-empty', 'read-back/phone-call', 'an empty object', () => ({})],
  ['array', 'read-back/phone-call', 'an array that holds it', (call) => [call]],
  ['entry-empty', 'read-back/details', 'an empty entry list', () => ({ entry: [] })],
  ['entry-object', 'read-back/phone-call', 'an entry that is no list', (call) => ({ entry: call })],
];

const insteadOfTheCall: readonly (readonly [name: string, says: string, answer: Answer])[] = [
  ['status-500', '500', errorAnswer(500, 'internal_server_error')],
  ['status-400', '400 and pc_phoncall_invalid', errorAnswer(400, 'pc_phoncall_invalid')],
  ['status-204', '204', { outcome: 'read', status: 204, headers: {}, body: '' }],
  ['status-302', '302', { outcome: 'read', status: 302, headers: { location: '/' }, body: '' }],
];

/** Reads a call back with something other than the documented PhoneCall. */
export const readBack: readonly FaultyServer[] = [
  ...ofTheView.map(([name, requirement, says, change]) =>
    fault(`read-back/${name}`, requirement, `The view of a call that is read has ${says}.`, ofEachView(change)),
  ),
  ...ofTheCall.map(([name, requirement, says, change]) =>
    fault(`read-back/${name}`, requirement, `The call that is read has ${says}.`, reading(change)),
  ),
  ...ofTheWhole.map(([name, requirement, says, change]) =>
    fault(`read-back/${name}`, requirement, `What is read, in place of the call, is ${says}.`, reading(change)),
  ),
  ...insteadOfTheCall.map(([name, says, instead]) =>
    fault(
      `read-back/${name}`,
      'read-back/details',
      `Reading a call that exists is answered with ${says}.`,
      answering('read', () => instead),
    ),
  ),
  fault('read-back/another-call', 'read-back/id', 'What is read is always the second call of the extension.', {
    showDetails: (call, exchange) => documented.showDetails(exchange.switchboard.calls[1] ?? call, exchange),
  }),
];

function ofEachView(change: Row[3]): Partial<Behaviour> {
  return reading((call, exchange) => ({
    ...call,
    phoneCallView: (call['phoneCallView'] as Members[]).map((view) => change(view, exchange)),
  }));
}
