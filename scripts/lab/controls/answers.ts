import { documented } from '../servers/plain/documented.ts';
import {
  answering,
  completeView,
  errorAnswer,
  isOfNobody,
  reading,
  rejecting,
  showing,
  without,
  type Members,
} from '../servers/plain/variations.ts';
import type { ControlRow } from '../servers/server.ts';

const callerId = 'Zo\u00eb \u{1f4de} <0003*210>';

const addresses: readonly (readonly [name: string, says: string, self: (path: string) => string])[] = [
  ['relative', 'a path', (path) => path],
  ['other-host', 'a doubled slash and a host that means nothing', (path) => `https://x.x.x.x/${path}`],
  ['percent-encoded', 'percent-encoded characters', (path) => path.replace('*', '%2A')],
  ['with-aliases', 'aliases', (path) => path.replace(/12\/[^/]+/, '@me/@self')],
  ['with-slash', 'a slash at its end', (path) => `${path}/`],
];

const withoutReading: readonly (readonly [status: number, code: string])[] = [
  [501, 'request_not_implemented'],
  [404, 'not_found'],
  [405, 'method_not_allowed'],
];

const dates: readonly (readonly [name: string, says: string, date: string])[] = [
  ['zulu', 'in UTC', '2012-06-27T13:08:55Z'],
  ['fractions', 'with fractions of a second', '2012-06-27T13:08:55.123456Z'],
  ['negative-offset', 'with a negative offset', '2012-06-27T05:38:55.5-07:30'],
];

const views: readonly (readonly [name: string, says: string, change: (view: Members) => readonly Members[]])[] = [
  ['status-number', 'a status that is a number', (view) => [{ ...view, status: 5 }]],
  ['flow-text', 'a flow and a disposition that are text', (view) => [{ ...view, flow: '2', disposition: '0' }]],
  ['required-members-only', 'only its required members', (view) => [requiredOf(view)]],
  ['all-members', 'every member that is documented', (view) => [{ ...completeView(view), callerId }]],
  [
    'of-other-legs',
    'other views before and after it',
    (view) => [legOfTheOtherParty(view), view, { ...requiredOf(view), id: '98' }],
  ],
  [
    'several-destinations',
    'several destinations',
    (view) => [{ ...view, destination: ['4155550199', ...(view['destination'] as string[])] }],
  ],
  ['source-without-number', 'a source that hides its number', (view) => [{ ...view, source: ['anonymous'] }]],
  [
    'country-code',
    'public numbers with their country code',
    (view) => [{ ...view, destination: (view['destination'] as string[]).map(withCountryCode) }],
  ],
  [
    'without-plus',
    'numbers without their plus sign',
    (view) => [{ ...view, destination: (view['destination'] as string[]).map((number) => number.replace('+', '')) }],
  ],
];

/** Answers as the documentation allows without showing it. */
export const answers: readonly ControlRow[] = [
  [
    'answers/accepted',
    'Every transfer is answered with 202.',
    answering('transferred', (answer) => ({ ...answer, status: answer.status === 204 ? 204 : 202 })),
  ],
  [
    'answers/no-content',
    'Every transfer is answered with 204.',
    answering('transferred', (answer) => ({ ...answer, status: 204, headers: {}, body: '' })),
  ],
  [
    'answers/unknown-members',
    'Every PhoneCall has undocumented members.',
    { ...showing(withUnknownMembers), ...reading(withUnknownMembers) },
  ],
  [
    'answers/unknown-members-in-errors',
    'Every error has undocumented members.',
    { showRefusal: (refusal) => ({ error: { ...refusal, details: [1], help: null }, requestId: '7f1a' }) },
  ],
  ['answers/links', 'The link of a transferred call is called links.', showing(withLinks)],
  ['read-back/links', 'The link of a call that is read is called links.', reading(withLinks)],
  ...addresses.map(([name, says, self]): ControlRow => [
    `answers/link-${name}`,
    `The self link has ${says}.`,
    showing((call) => ({ ...call, link: { self: self(`/uapi/phoneCalls/12/${call['extension']}/${call['id']}`) } })),
  ]),
  [
    'answers/link-with-slashes-not-served',
    'The self link has two slashes, which the server does not know.',
    {
      ...showing((call) => ({ ...call, link: { self: `https://x.x.x.x//uapi/phoneCalls/12/0003*210/${call['id']}` } })),
      route: (path) => (path.startsWith('//') ? undefined : documented.route(path)),
    },
    { warns: ['success/link-as-it-stands'] },
  ],
  [
    'answers/details',
    'A transfer is answered with all details of the call.',
    { showTransferred: documented.showDetails },
  ],
  [
    'answers/extension-that-is-charged',
    'The extension of the answer is the one that is charged, which is not a party.',
    showing((call) => ({ ...call, extension: '0003*100' })),
  ],
  [
    'answers/only-the-id',
    'The answer to a transfer carries the id only.',
    showing(({ id }) => ({ id })),
    { warns: ['success/extension', 'success/link'] },
  ],
  ['read-back/entry-list', 'A call is read as the only entry of a list.', reading((call) => ({ entry: [call] }))],
  [
    'read-back/entry-list-with-counts',
    'A call is read as the only entry of a list that has other members.',
    reading((call) => ({ startIndex: 0, itemsPerPage: 1, totalResults: 1, entry: [call] })),
  ],
  ...withoutReading.map(([status, code]): ControlRow => [
    `read-back/not-implemented-${status}`,
    `Reading is answered with ${status}.`,
    answering('read', () => errorAnswer(status, code)),
  ]),
  [
    'read-back/not-implemented-and-late',
    'A transfer is accepted for later, calls cannot be read, and the parties of a transfer are those of the call by then.',
    {
      ...rejecting(
        'transferFromNumber',
        (value, exchange) => exchange.address?.phoneCallId !== undefined && isOfNobody(value, exchange),
      ),
      transfer: (exchange) => void setTimeout(() => documented.transfer(exchange), 80).unref(),
      finish: (answer) => {
        if (answer.outcome === 'read') return errorAnswer(501, 'request_not_implemented');
        return answer.status === 200 ? { ...answer, status: 202 } : answer;
      },
    },
  ],
  [
    'read-back/not-found',
    'Reading a call that does not exist is answered with 404.',
    answering('refused', (answer, { request }) =>
      request.method === 'GET' && answer.status === 400 ? errorAnswer(404, 'not_found') : answer,
    ),
  ],
  ...dates.map(([name, says, date]): ControlRow => [
    `read-back/dates-${name}`,
    `Dates are ${says}.`,
    reading((call) => ({ ...call, answered: date, published: date })),
  ]),
  ...views.map(([name, says, change]): ControlRow => [
    `read-back/view-${name}`,
    `The view of a call has ${says}.`,
    reading((call) => ({ ...call, phoneCallView: (call['phoneCallView'] as Members[]).flatMap(change) })),
  ]),
];

function withUnknownMembers(call: Members): Members {
  return { ...call, tenant: 3, tags: ['a'], recordingState: { on: false } };
}

function withLinks(call: Members): Members {
  return { ...without(call, 'link'), links: call['link'] };
}

function requiredOf(view: Members): Members {
  const required = ['id', 'extension', 'status', 'source', 'destination'];
  return Object.fromEntries(required.map((name) => [name, view[name]]));
}

function withCountryCode(number: string): string {
  return /^[2-9][0-9]{9}$/.test(number) ? `+1${number}` : number;
}

function legOfTheOtherParty(view: Members): Members {
  return { ...requiredOf(view), id: '97', extension: '0003*024', source: ['0003*024'], destination: ['0003*210'] };
}
