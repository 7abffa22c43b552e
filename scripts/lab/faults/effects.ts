import type { Behaviour, Exchange, Reason } from '../servers/plain/behaviour.ts';
import { documented, isPhoneNumber, moveCall, type Call } from '../servers/plain/documented.ts';
import { isOfNobody, rejecting, type Members } from '../servers/plain/variations.ts';
import type { FaultRow, Faults } from '../servers/server.ts';

const onHold = '2012-06-27T16:10:00+03:00';
const beforeAll = { source: ['0003*210'], destination: ['0003*024'] };

/** Moves calls that must stay, or leaves those that must move. */
export const effects: Faults = {
  'effects/call-moves': [
    ['effects/none', 'A transfer is answered with a success, but nothing moves.', { transfer: () => {} }],
    [
      'effects/only-with-transfer-number',
      'Only with a transferNumber does the call move.',
      {
        transfer: (exchange) =>
          exchange.action?.['transferNumber'] === undefined ? undefined : documented.transfer(exchange),
      },
    ],
    [
      'effects/moves-without-asterisk',
      'A transfer moves the call to a number without its asterisk.',
      {
        transfer: ({ calls = [], action }) =>
          calls.forEach((call) => (call.destination = [String(action?.['sendCallTo']).replaceAll('*', '')])),
      },
    ],
    [
      'effects/only-the-first-transfer',
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
    stale(
      'another-worker',
      'by its path over a fresh connection',
      ({ request, address }) =>
        request.headers.connection === 'close' && address?.userId === '12' && address.extension === '0003*210',
    ),
    [
      'effects/undone-at-rest',
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
  ],
  'path/user-me': [stale('me', 'by @me', isReadAt('/@me/'))],
  'path/user-viewer': [stale('viewer', 'by @viewer', isReadAt('/@viewer/'))],
  'path/user-owner': [stale('owner', 'by @owner', isReadAt('/@owner/'))],
  'path/extension-self': [stale('self', 'by @self', isReadAt('/12/@self/'))],
  'path/percent-encoding': [stale('encoded', 'by an encoded path', isReadAt('%40'))],
  'success/updated': [
    [
      'effects/returns-the-call-before',
      'A transfer returns the call as it was.',
      { showTransferred: (call, exchange) => documented.showDetails({ ...call, ...beforeAll }, exchange) },
    ],
  ],
  'effects/other-party-stays': [
    [
      'effects/source-moves',
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
      'The destination leaves, whichever party transfers the call.',
      { transfer: ({ calls = [], action }) => calls.forEach((call) => moveCall(call, action?.['sendCallTo'])) },
    ],
    [
      'effects/parties-add-up',
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
  ],
  'effects/other-call-stays': [
    movingOthers('other-call-moves', 'The other calls of the extension move too.', ({ switchboard, calls = [] }) =>
      switchboard.calls.filter(({ extension }) => calls.some((call) => call.extension === extension)),
    ),
    movingOthers('call-of-the-body-moves', 'The call moves that the body names, if it does.', (exchange) => {
      const named = exchange.switchboard.calls.filter(({ id }) => id === exchange.action?.['phoneCallId']);
      return named.length > 0 ? named : (exchange.calls ?? []);
    }),
    movingOthers('self-moves-every-call', 'With @self every call of the User moves.', (exchange) =>
      exchange.address?.extension === '@self' ? exchange.switchboard.calls : (exchange.calls ?? []),
    ),
  ],
  'effects/refusal-moves-nothing': [
    movedAfter('userId', 'An invalid userId is refused, but the call moves.', 0),
    movedAfter('body', 'An unreadable body is refused, but the call moves.', 0),
    movedAfter('transferNumber', 'An invalid transferNumber is refused, but the call moves.', 0),
    movedAfter('sendCallTo', 'An invalid sendCallTo is refused, but 300 ms later the call moves.', 300),
    [
      'effects/moved-before-the-parties-are-checked',
      'The call moves before a transferNumber that is not on it is refused.',
      {
        ...rejecting('transferNumber', isOfNobody),
        afterRefusal: (reason, exchange) =>
          reason === 'transferNumber' && isOfNobody(exchange.action?.['transferNumber'], exchange)
            ? void documented.transfer(exchange)
            : undefined,
      },
    ],
    [
      'effects/announced-before-the-parties-are-checked',
      'What a transfer is to do shows 200 ms later, and so it does where a number that is not on the call is refused.',
      {
        ...rejecting('transferFromNumber', isOfNobody),
        transfer: transferLater,
        afterRefusal: (reason, exchange) => {
          if (reason === 'transferFromNumber' && isOfNobody(exchange.action?.['transferFromNumber'], exchange))
            transferLater(exchange);
        },
      },
    ],
    [
      'effects/on-hold-although-refused',
      'A call is put on hold before its transfer is checked, and stays there if it is refused.',
      () => {
        const held = new Set<Call>();
        return {
          afterRefusal: (reason, { calls = [] }) => {
            if (reason === 'sendCallTo') calls.forEach((call) => held.add(call));
          },
          showDetails: (call, exchange) => {
            const details = documented.showDetails(call, exchange) as Members & { phoneCallView: Members[] };
            if (!held.has(call)) return details;
            return { ...details, phoneCallView: details.phoneCallView.map((view) => ({ ...view, onHold })) };
          },
        };
      },
    ],
  ],
  'success/link-as-it-stands': [
    linkWithTwoSlashes('link', 'a transfer', 'showTransferred'),
    linkWithTwoSlashes('link-of-reading', 'a reading', 'showDetails'),
  ],
  'success/link-names-the-call': [linkNotRead('link', 'a transfer', 'showTransferred')],
  'read-back/link-names-the-call': [linkNotRead('link-of-reading', 'a reading', 'showDetails')],
};

/** Shows a call as it was before any transfer, in some readings. */
function stale(name: string, says: string, isStale: (exchange: Exchange) => boolean): FaultRow {
  return [
    `effects/stale-by-${name}`,
    `Read ${says}, a call is as it was before any transfer.`,
    {
      showDetails: (call, exchange) =>
        documented.showDetails({ ...call, ...(call.legId === '01' && isStale(exchange) && beforeAll) }, exchange),
    },
  ];
}

function isReadAt(part: string): (exchange: Exchange) => boolean {
  return ({ request }) => request.url?.includes(part) === true;
}

function movingOthers(name: string, says: string, listMoved: (exchange: Exchange) => readonly Call[]): FaultRow {
  const transfer: Behaviour['transfer'] = (exchange) => {
    const { sendCallTo, transferFromNumber } = exchange.action ?? {};
    for (const call of listMoved(exchange)) moveCall(call, sendCallTo, transferFromNumber);
  };
  return [`effects/${name}`, says, { transfer }];
}

type Shown = 'showTransferred' | 'showDetails';

function linking(shows: Shown, self: (path: string, base: string) => string): Partial<Behaviour> {
  return {
    [shows]: (call: Call, exchange: Exchange) => ({
      ...(documented[shows](call, exchange) as object),
      link: { self: self(`${call.extension}/${call.id}`, exchange.base) },
    }),
  };
}

function linkWithTwoSlashes(name: string, subject: string, shows: Shown): FaultRow {
  return [
    `effects/${name}-with-two-slashes`,
    `The link of ${subject} has two slashes, which the server does not know.`,
    {
      ...linking(shows, (path, base) => `${base}//uapi/phoneCalls/12/${path}`),
      route: (path) => (path.startsWith('//') ? undefined : documented.route(path)),
    },
  ];
}

function linkNotRead(name: string, subject: string, shows: Shown): FaultRow {
  return [
    `effects/${name}-not-read`,
    `The link that ${subject} shows cannot be read.`,
    {
      ...rejecting('userId', (value, { request }) => value === '@viewer' && request.method === 'GET'),
      ...linking(shows, (path, base) => `${base}/uapi/phoneCalls/@viewer/${path}`),
    },
  ];
}

function transferLater(exchange: Exchange): void {
  setTimeout(() => void documented.transfer(exchange), 200).unref();
}

/** Transfers calls, and returns a function that puts them back. */
function transferForNow(exchange: Exchange): () => void {
  const before = (exchange.calls ?? []).map(({ source, destination }) => ({ source, destination }));
  void documented.transfer(exchange);
  return () => exchange.calls?.forEach((call, index) => Object.assign(call, before[index]));
}

function movedAfter(reason: Reason, says: string, milliseconds: number): FaultRow {
  const afterRefusal: Behaviour['afterRefusal'] = (refused, { request, switchboard, action }) => {
    const call = switchboard.calls.find(({ id }) => request.url?.includes(id));
    if (refused !== reason || request.method !== 'PUT' || !call) return;
    const elsewhere = ['3235742879', '3334444'].find((number) => !call.destination.includes(number));
    const sendCallTo = isPhoneNumber(action?.['sendCallTo']) ? action?.['sendCallTo'] : elsewhere;
    if (milliseconds === 0) moveCall(call, sendCallTo);
    else setTimeout(() => moveCall(call, sendCallTo), milliseconds).unref();
  };
  return [`effects/moved-although-refused-${reason}`, says, { afterRefusal }];
}
