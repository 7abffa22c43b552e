import type { Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { showing, without, type Members } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

type Row = readonly [
  name: string,
  requirement: string,
  says: string,
  change: (call: Members, exchange: Exchange) => unknown,
];

const otherId = 'c4d90aa1b7e25f604418';
const otherPath = `/uapi/phoneCalls/12/0003*210/${otherId}`;

const ofTheId: readonly Row[] = [
  ['id-missing', 'success/phone-call', 'no id', (call) => without(call, 'id')],
  ['id-null', 'success/phone-call', 'null for an id', (call) => ({ ...call, id: null })],
  ['id-empty', 'success/phone-call', 'an empty id', (call) => ({ ...call, id: '' })],
  ['id-number', 'success/phone-call', 'a number for an id', (call) => ({ ...call, id: 12 })],
  ['id-boolean', 'success/phone-call', 'true for an id', (call) => ({ ...call, id: true })],
  ['id-array', 'success/phone-call', 'its id inside an array', (call) => ({ ...call, id: [call['id']] })],
  ['id-object', 'success/phone-call', 'its id inside an object', (call) => ({ ...call, id: { value: call['id'] } })],
  ['id-of-another-call', 'success/id', 'the id of another call', (call) => ({ ...call, id: otherId })],
  ['id-unknown', 'success/id', 'the id of no call', (call) => ({ ...call, id: 'abcdef0123456789' })],
  [
    'id-upper-case',
    'success/id',
    'its id in upper case',
    (call) => ({ ...call, id: String(call['id']).toUpperCase() }),
  ],
  ['id-truncated', 'success/id', 'half of its id', (call) => ({ ...call, id: String(call['id']).slice(0, 10) })],
  ['id-padded', 'success/id', 'its id with a blank', (call) => ({ ...call, id: `${call['id']} ` })],
  ['id-in-angles', 'success/id', 'its id in markup', (call) => ({ ...call, id: `<b>${call['id']}</b>` })],
];

const ofTheExtension: readonly Row[] = [
  ['extension-missing', 'success/extension', 'no extension', (call) => without(call, 'extension')],
  ['extension-null', 'success/no-null-members', 'null for an extension', (call) => ({ ...call, extension: null })],
  ['extension-empty', 'success/phone-call', 'an empty extension', (call) => ({ ...call, extension: '' })],
  ['extension-number', 'success/phone-call', 'a number for an extension', (call) => ({ ...call, extension: 210 })],
  [
    'extension-letters',
    'success/phone-call',
    'a name for an extension',
    (call) => ({ ...call, extension: 'reception' }),
  ],
  ['extension-alias', 'success/phone-call', '@self for an extension', (call) => ({ ...call, extension: '@self' })],
  ['extension-array', 'success/phone-call', 'an array of extensions', (call) => ({ ...call, extension: ['0003*210'] })],
];

const ofTheLink: readonly Row[] = [
  ['link-missing', 'success/link', 'no link', (call) => without(call, 'link')],
  ['link-null', 'success/no-null-members', 'null for a link', (call) => ({ ...call, link: null })],
  ['link-text', 'success/phone-call', 'its link as text', (call) => ({ ...call, link: selfOf(call) })],
  ['link-array', 'success/phone-call', 'an array of links', (call) => ({ ...call, link: [{ self: selfOf(call) }] })],
  ['link-without-self', 'success/link', 'a link without self', (call) => ({ ...call, link: {} })],
  ['self-null', 'success/no-null-members', 'a link whose self is null', (call) => linked(call, null)],
  ['self-number', 'success/phone-call', 'a link whose self is a number', (call) => linked(call, 12)],
  ['self-array', 'success/phone-call', 'a link whose self is an array', (call) => linked(call, [selfOf(call)])],
  ['self-not-a-reference', 'success/phone-call', 'a self that is no URI', (call) => linked(call, 'ht tp://\\<>^{}')],
  ['self-empty', 'success/link-names-the-call', 'an empty self', (call) => linked(call, '')],
  [
    'self-of-another-call',
    'success/link-names-the-call',
    'the self of another call',
    (call) => linked(call, otherPath),
  ],
  [
    'self-of-the-extension',
    'success/link-names-the-call',
    'a self without the id',
    (call) => linked(call, parentOf(call)),
  ],
  ['self-of-the-root', 'success/link-names-the-call', 'a self that is /', (call) => linked(call, '/')],
  [
    'links-of-another-call',
    'success/link-names-the-call',
    'links to another call',
    (call) => ({
      ...without(call, 'link'),
      links: { self: otherPath },
    }),
  ],
];

const ofOthers: readonly Row[] = [
  ['owner-id-number', 'success/phone-call', 'a number for an ownerId', (call) => ({ ...call, ownerId: 3 })],
  ['owner-name-null', 'success/no-null-members', 'null for an ownerName', (call) => ({ ...call, ownerName: null })],
  ['answered-null', 'success/no-null-members', 'null for the date answered', (call) => ({ ...call, answered: null })],
  ['nonce-null', 'success/no-null-members', 'null for a nonce', (call) => ({ ...call, nonce: null })],
  ['answered-a-day', 'success/phone-call', 'an answered without time', (call) => ({ ...call, answered: '2012-06-27' })],
  ['published-seconds', 'success/phone-call', 'published in seconds', (call) => ({ ...call, published: 1340802530 })],
  [
    'published-local',
    'success/phone-call',
    'published without an offset',
    (call) => ({
      ...call,
      published: '2012-06-27T16:08:50',
    }),
  ],
  [
    'published-month-13',
    'success/phone-call',
    'published in a month 13',
    (call) => ({
      ...call,
      published: '2012-13-27T16:08:50Z',
    }),
  ],
  [
    'published-words',
    'success/phone-call',
    'published in words',
    (call) => ({
      ...call,
      published: 'Wed, 27 Jun 2012 16:08:50 GMT',
    }),
  ],
  ['views-object', 'success/phone-call', 'one object for phoneCallView', (call) => ({ ...call, phoneCallView: {} })],
  ['view-without-members', 'success/phone-call', 'an empty view', (call) => ({ ...call, phoneCallView: [{}] })],
];

const ofTheWhole: readonly Row[] = [
  ['array', 'success/phone-call', 'an array that holds it', (call) => [call]],
  ['array-empty', 'success/phone-call', 'an empty array', () => []],
  ['entry-list', 'success/phone-call', 'an entry list that holds it', (call) => ({ entry: [call] })],
  ['envelope', 'success/phone-call', 'an envelope that holds it', (call) => ({ phoneCall: call })],
  ['text', 'success/phone-call', 'its JSON inside a string', (call) => JSON.stringify(call)],
  ['null', 'success/phone-call', 'null', () => null],
  ['true', 'success/phone-call', 'true', () => true],
  ['number', 'success/phone-call', 'a number', () => 1],
  ['object-empty', 'success/phone-call', 'an empty object', () => ({})],
  ['request-echoed', 'success/phone-call', 'the request', (_call, { action }) => action],
  [
    'error-with-200',
    'success/phone-call',
    'an error response',
    () => ({
      error: { code: 'pc_phoncall_invalid', message: 'There is no such phone call.' },
    }),
  ],
  [
    'names-capitalised',
    'success/phone-call',
    'its members under names with a capital letter',
    (call) =>
      Object.fromEntries(Object.entries(call).map(([name, value]) => [name[0]?.toUpperCase() + name.slice(1), value])),
  ],
];

/** Answers a transfer with JSON that is not the documented PhoneCall. */
export const successMembers: readonly FaultyServer[] = [
  ...[...ofTheId, ...ofTheExtension, ...ofTheLink, ...ofOthers].map(([name, requirement, says, change]) =>
    fault(`success/${name}`, requirement, `The PhoneCall that a transfer returns has ${says}.`, onlyOfOneCall(change)),
  ),
  ...ofTheWhole.map(([name, requirement, says, change]) =>
    fault(
      `success/${name}`,
      requirement,
      `A transfer returns, in place of the PhoneCall, ${says}.`,
      onlyOfOneCall(change),
    ),
  ),
];

function onlyOfOneCall(change: Row[3]): Partial<Behaviour> {
  return showing((call, exchange) => (exchange.address?.phoneCallId ? change(call, exchange) : call));
}

function linked(call: Members, self: unknown): Members {
  return { ...call, link: { self } };
}

function selfOf(call: Members): string {
  return (call['link'] as { self: string }).self;
}

function parentOf(call: Members): string {
  return selfOf(call).replace(/\/[^/]+$/, '');
}
