import type { Behaviour, Exchange, Reason } from '../servers/plain/behaviour.ts';
import { documented, isPhoneNumber, moveCall, type Call } from '../servers/plain/documented.ts';
import { rejecting } from '../servers/plain/variations.ts';
import type { FaultRow } from '../servers/server.ts';

type Destination = (sendCallTo: string, action: NonNullable<Exchange['action']>) => readonly unknown[];

const wrongDestinations: readonly (readonly [name: string, says: string, destination: Destination])[] = [
  ['transfer-number', 'to transferNumber', (_, { transferNumber = '0003*210' }) => [transferNumber]],
  ['truncated', 'to a number without its last digit', (sendCallTo) => [sendCallTo.slice(0, -1)]],
  ['always-the-same', 'to one and the same number', () => ['5550000']],
  ['without-asterisk', 'to a number without its asterisk', (sendCallTo) => [sendCallTo.replaceAll('*', '')]],
];

const onlySome: readonly (readonly [name: string, says: string, moves: (exchange: Exchange) => boolean])[] = [
  ['none', 'A transfer is answered with a success, but nothing moves.', () => false],
  ['only-extensions', 'Only a transfer to an extension moves the call.', isToExtension],
  ['not-by-self', 'A transfer by @self moves nothing.', ({ address }) => address?.extension !== '@self'],
  [
    'only-with-transfer-number',
    'Only with a transferNumber does the call move.',
    ({ action }) => action?.['transferNumber'] !== undefined,
  ],
];

const others: readonly (readonly [name: string, says: string, moved: (exchange: Exchange) => readonly Call[]])[] = [
  [
    'other-call-moves',
    'The other calls of the extension move too.',
    ({ switchboard, calls = [] }) =>
      switchboard.calls.filter(({ extension }) => calls.some((call) => call.extension === extension)),
  ],
  [
    'self-moves-every-call',
    'With @self every call of the User moves.',
    ({ switchboard, calls = [], address }) => (address?.extension === '@self' ? switchboard.calls : calls),
  ],
  [
    'slash-moves-every-call',
    'With a slash at the end all calls of the extension move.',
    ({ switchboard, calls = [], request }) =>
      switchboard.calls.filter(
        (call) => calls.includes(call) || (request.url?.endsWith('/') && call.extension === calls[0]?.extension),
      ),
  ],
];

/** The ways to name a call, each with the requirement that it is about. */
const staleDoors: readonly (readonly [name: string, requirement: string, isStale: (path: string) => boolean])[] = [
  ['me', 'path/user-me', (path) => path.includes('/@me/')],
  ['viewer', 'path/user-viewer', (path) => path.includes('/@viewer/')],
  ['owner', 'path/user-owner', (path) => path.includes('/@owner/')],
  ['self', 'path/extension-self', (path) => path.includes('/12/@self/')],
  ['encoded', 'path/percent-encoding', (path) => path.includes('%40')],
];

const beforeAll = { source: ['0003*210'], destination: ['0003*024'] };

const refusedFor: readonly (readonly [reason: Reason, says: string])[] = [
  ['userId', 'An invalid userId'],
  ['extension', 'An invalid extension'],
  ['body', 'An unreadable body'],
  ['action', 'Another action'],
  ['sendCallTo', 'An invalid sendCallTo'],
  ['transferFromNumber', 'An invalid transferFromNumber'],
  ['transferNumber', 'An invalid transferNumber'],
];

/** Moves calls that must stay, or leaves those that must move. */
export const effects: readonly FaultRow[] = [
  ...onlySome.map(([name, says, moves]): FaultRow => [
    `effects/${name}`,
    'effects/call-moves',
    says,
    { transfer: (exchange) => (moves(exchange) ? documented.transfer(exchange) : undefined) },
  ]),
  ...wrongDestinations.map(([name, says, destination]): FaultRow => [
    `effects/moves-${name}`,
    'effects/call-moves',
    `A transfer moves the call ${says}.`,
    {
      transfer: ({ calls = [], action = {} }) => {
        for (const call of calls) call.destination = destination(String(action['sendCallTo']), action).map(String);
      },
    },
  ]),
  [
    'effects/only-the-first-transfer',
    'effects/call-moves',
    'A call that moved once does not move again.',
    () => {
      const moved = new Set<string>();
      return {
        transfer: (exchange) => {
          const id = String(exchange.calls?.[0]?.id);
          if (!moved.has(id)) void documented.transfer(exchange);
          moved.add(id);
        },
      };
    },
  ],
  [
    'effects/source-moves',
    'effects/other-party-stays',
    'The number that the call was sent to shows as its source.',
    () => {
      const sources = new Map<string, string>();
      return {
        transfer: ({ calls = [], action }) =>
          calls.forEach(({ id }) => sources.set(id, String(action?.['sendCallTo']))),
        showDetails: (call, exchange) =>
          documented.showDetails({ ...call, source: [sources.get(call.id) ?? call.source].flat() }, exchange),
      };
    },
  ],
  [
    'effects/destination-always-leaves',
    'effects/other-party-stays',
    'The destination leaves, whichever party transfers the call.',
    { transfer: ({ calls = [], action }) => calls.forEach((call) => moveCall(call, action?.['sendCallTo'])) },
  ],
  [
    'effects/parties-add-up',
    'effects/other-party-stays',
    'A transfer to a number that the call was sent to before adds it once more.',
    () => {
      const sent = new Map<Call, string[]>();
      return {
        transfer: (exchange) => {
          documented.transfer(exchange);
          for (const call of exchange.calls ?? []) {
            const number = String(exchange.action?.['sendCallTo']);
            const earlier = (sent.get(call) ?? []).filter((each) => each === number);
            sent.set(call, [...(sent.get(call) ?? []), number]);
            if (call.destination.includes(number)) call.destination = [number, ...earlier];
          }
        },
      };
    },
  ],
  ...others.map(([name, says, moved]): FaultRow => [
    `effects/${name}`,
    'effects/other-call-stays',
    says,
    {
      transfer: (exchange) =>
        moved(exchange).forEach((call) =>
          moveCall(call, exchange.action?.['sendCallTo'], exchange.action?.['transferFromNumber']),
        ),
    },
  ]),
  ...staleDoors.map(([name, requirement, isStale]): FaultRow => [
    `effects/stale-by-${name}`,
    requirement,
    `Read as ${name}, a call is as it was before any transfer.`,
    {
      showDetails: (call, exchange) => {
        const isBefore = call.legId === '01' && isStale(exchange.request.url ?? '');
        return documented.showDetails({ ...call, ...(isBefore && beforeAll) }, exchange);
      },
    },
  ]),
  [
    'effects/stale-by-another-worker',
    'effects/call-moves',
    'Read by its path over a fresh connection, a call is as it was before any transfer.',
    {
      showDetails: (call, exchange) => {
        const { connection } = exchange.request.headers;
        const isBefore = call.legId === '01' && connection === 'close' && exchange.address?.userId === '12';
        const isByPath = isBefore && exchange.address.extension === call.extension;
        return documented.showDetails({ ...call, ...(isByPath && beforeAll) }, exchange);
      },
    },
  ],
  [
    'effects/undone-after-900',
    'effects/call-moves',
    'A transfer is undone after 900 ms.',
    { transfer: (exchange) => void setTimeout(transferForNow(exchange), 900).unref() },
  ],
  [
    'effects/undone-at-rest',
    'effects/call-moves',
    'The last of several transfers in a row is undone once the server is idle.',
    () => {
      let timer: NodeJS.Timeout | undefined;
      return {
        transfer: (exchange) => {
          clearTimeout(timer);
          timer = setTimeout(transferForNow(exchange), 900).unref();
        },
      };
    },
  ],
  [
    'effects/undone-at-the-second-reading',
    'effects/call-moves',
    'A transfer by the extension itself is undone once it was read.',
    () => {
      let readings = Number.NaN;
      let undo = () => {};
      return {
        transfer: (exchange) => {
          readings = exchange.action?.['transferFromNumber'] === '0003*210' ? 0 : Number.NaN;
          undo = transferForNow(exchange);
        },
        showDetails: (call, exchange) => {
          if (call.legId === '01' && ++readings > 1) undo();
          return documented.showDetails(call, exchange);
        },
      };
    },
  ],
  [
    'effects/returns-the-call-before',
    'success/updated',
    'A transfer returns the call as it was.',
    { showTransferred: (call, exchange) => documented.showDetails({ ...call, ...beforeAll }, exchange) },
  ],
  ...(['showTransferred', 'showDetails'] as const).flatMap((shows) => linkFaults(shows)),
  ...refusedFor.map(([reason, says]): FaultRow => [
    `effects/moved-although-refused-${reason}`,
    'effects/refusal-moves-nothing',
    `${says} is refused, but the call moves.`,
    movingAfter(reason, 0),
  ]),
  [
    'effects/moved-later-although-refused-sendCallTo',
    'effects/refusal-moves-nothing',
    'An invalid sendCallTo is refused, but 300 ms later the call moves.',
    movingAfter('sendCallTo', 300),
  ],
  [
    'effects/refusal-ends-at-no-number',
    'effects/refusal-moves-nothing',
    'A refusal leaves the call without a destination.',
    {
      afterRefusal: (reason, { calls }) => {
        if (reason === 'sendCallTo' && calls?.[0]) calls[0].destination = [];
      },
    },
  ],
];

/** Shows links that the server does not know as they stand, or not at all. */
function linkFaults(shows: 'showTransferred' | 'showDetails'): readonly FaultRow[] {
  const [name, subject, family] =
    shows === 'showDetails' ? ['link-of-reading', 'a reading', 'read-back'] : ['link', 'a transfer', 'success'];
  const linking = (self: (path: string, base: string) => string): Partial<Behaviour> => ({
    [shows]: (call: Call, exchange: Exchange) => ({
      ...(documented[shows](call, exchange) as object),
      link: { self: self(`${call.extension}/${call.id}`, `${exchange.base}/`) },
    }),
  });
  return [
    [
      `effects/${name}-with-two-slashes`,
      'success/link-as-it-stands',
      `The link of ${subject} has two slashes, which the server does not know.`,
      {
        ...linking((path, base) => `${base}/uapi/phoneCalls/12/${path}`),
        route: (path) => (path.startsWith('//') ? undefined : documented.route(path)),
      },
    ],
    [
      `effects/${name}-not-read`,
      `${family}/link-names-the-call`,
      `The link that ${subject} shows cannot be read.`,
      {
        ...rejecting('userId', (value, { request }) => value === '@viewer' && request.method === 'GET'),
        ...linking((path, base) => `${base}uapi/phoneCalls/@viewer/${path}`),
      },
    ],
  ];
}

/** Transfers calls, and returns a function that puts them back. */
function transferForNow(exchange: Exchange): () => void {
  const before = (exchange.calls ?? []).map(({ source, destination }) => ({ source, destination }));
  void documented.transfer(exchange);
  return () => exchange.calls?.forEach((call, index) => Object.assign(call, before[index]));
}

function isToExtension({ action }: Exchange): boolean {
  return String(action?.['sendCallTo']).includes('*');
}

function movingAfter(reason: Reason, milliseconds: number): Partial<Behaviour> {
  return {
    afterRefusal: (refused, { request, switchboard, action }) => {
      const call = switchboard.calls.find(({ id }) => request.url?.includes(id));
      if (refused !== reason || request.method !== 'PUT' || !call) return;
      const elsewhere = ['3235742879', '3334444'].find((number) => !call.destination.includes(number));
      const sendCallTo = isPhoneNumber(action?.['sendCallTo']) ? action?.['sendCallTo'] : elsewhere;
      if (milliseconds === 0) moveCall(call, sendCallTo);
      else setTimeout(() => moveCall(call, sendCallTo), milliseconds).unref();
    },
  };
}
