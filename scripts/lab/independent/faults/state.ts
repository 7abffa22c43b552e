/** Makes mistakes about what is stored: the call does not move, moves wrongly, or is read from the wrong place. */
import type { FaultRow } from '../faults.ts';
import type { Answer, Context, Hooks } from '../hooks.ts';

/** Writes other parties into an answer to a reading. */
const withParties = (answer: Answer, [source, ...destination]: string[]): Answer => {
  const text = JSON.stringify(answer.body, (key, value) =>
    key === 'source' ? [source] : key === 'destination' ? destination : value,
  );
  return { ...answer, body: JSON.parse(text) };
};
const isReading = (answer: Answer, context: Context) => context.kind === 'read' && answer.status === 200;

/** Answers readings whose path `isStale` from the parties that were first seen. */
const stale = (isStale: (context: Context, reading: number) => boolean) => () => {
  const first = ['0003*210', '0003*024'];
  let reading = 0;
  return {
    answer(answer: Answer, context: Context) {
      if (!isReading(answer, context)) return answer;
      reading += 1;
      return isStale(context, reading) ? withParties(answer, first) : answer;
    },
  };
};

/** Moves the call although the request is refused with a status. */
const movesWith = (status: number) => () => ({
  answer(answer: Answer, { head, body, parties, put }: Context) {
    const to = (body as { sendCallTo?: unknown } | undefined)?.sendCallTo;
    if (head.method === 'PUT' && answer.status === status && typeof to === 'string') put([parties()[0], to]);
    return answer;
  },
});
/** Computes the parties after a transfer in another way. */
const moves = (moved: NonNullable<Hooks['moves']>) => () => ({ moves: moved });

const callMoves = 'effects/call-moves';
const partyStays = 'effects/other-party-stays';
const refusals = 'effects/refusal-moves-nothing';

export const stateFaults: FaultRow[] = [
  ['several-workers', 'express', callMoves, 'returnsUpdated', stale((_context, reading) => reading % 2 === 0)],
  [
    'reading-cached',
    'koa',
    callMoves,
    'followLink',
    () => {
      const cache = new Map<string, string[]>();
      return {
        answer(answer, context) {
          if (!isReading(answer, context)) return answer;
          const kept = cache.get(context.head.url) ?? context.parties();
          cache.set(context.head.url, kept);
          return withParties(answer, kept);
        },
      };
    },
  ],
  ['alias-me-stale', 'hono', 'path/user-me', 'me', stale(({ path }) => path.userId === '@me')],
  ['alias-viewer-stale', 'nest', 'path/user-viewer', 'viewer', stale(({ path }) => path.userId === '@viewer')],
  ['alias-owner-stale', 'fastify', 'path/user-owner', 'owner', stale(({ path }) => path.userId === '@owner')],
  ['alias-self-stale', 'express', 'path/extension-self', 'self', stale(({ path }) => path.extension === '@self')],
  ['encoded-path-stale', 'koa', 'path/percent-encoding', 'encoded', stale(({ head }) => /%40/i.test(head.url))],
  ['moves-nothing', 'fastify', callMoves, 'transfersTheCall', () => ({ moves: (parties) => parties })],
  [
    'moves-nothing-by-alias',
    'nest',
    callMoves,
    'selfAndId',
    () => ({
      moves: ([source, destination], { sendCallTo }, { path }) =>
        path.extension === '@self' ? [source, destination] : [source, sendCallTo],
    }),
  ],
  [
    'wrong-leg-stays',
    'express',
    callMoves,
    'transferFrom',
    () => ({
      moves: (parties, { sendCallTo, transferFromNumber }) =>
        parties.map((party) => (party === transferFromNumber ? party : sendCallTo)),
    }),
  ],
  [
    'checked-before-another-moves',
    'express',
    'effects/transfers-at-once',
    'parties',
    { partiesChecked: true, hooks: () => ({ between: () => new Promise((resolve) => setTimeout(resolve, 40)) }) },
  ],
  [
    'always-destination-leaves',
    'koa',
    partyStays,
    'parties',
    () => ({ moves: ([source], { sendCallTo }) => [source, sendCallTo] }),
  ],
  [
    'always-the-extension-stays',
    'hono',
    partyStays,
    'parties',
    () => ({ moves: (_parties, { sendCallTo }) => ['0003*210', sendCallTo] }),
  ],
  [
    'transfer-number-decides-nothing-left-out',
    'nest',
    callMoves,
    'transferNumberOptional',
    () => ({
      moves: ([source, destination], { sendCallTo, transferNumber }) =>
        transferNumber === undefined
          ? [source, destination]
          : transferNumber === source
            ? [source, sendCallTo]
            : [sendCallTo, destination],
    }),
  ],
  [
    'nobody-leaves',
    'fastify',
    partyStays,
    'transferFrom',
    () => ({
      answer(answer, context) {
        if (!isReading(answer, context) || context.parties().includes('0003*024')) return answer;
        const [source, destination] = context.parties();
        return withParties(answer, [source, destination, '0003*024']);
      },
    }),
  ],
  [
    'both-leave',
    'express',
    partyStays,
    'transferred',
    () => ({ moves: (_p, { sendCallTo }) => [sendCallTo, sendCallTo] }),
  ],
  [
    'sends-to-another-number',
    'koa',
    callMoves,
    'sendCallTo',
    () => ({ moves: ([source], { sendCallTo }) => [source, sendCallTo.slice(0, 7)] }),
  ],
  [
    'loses-leading-zeros',
    'hono',
    callMoves,
    'sendCallTo',
    () => ({ moves: ([source], { sendCallTo }) => [source, sendCallTo.replace(/^0+(?=\d)/, '')] }),
  ],
  [
    'undone-after-a-while',
    'nest',
    callMoves,
    'returnsUpdated',
    () => ({ moved: (before, { put }) => void setTimeout(() => put(before), 500).unref() }),
  ],
  ['refused-request-moves', 'koa', refusals, 'transferNumberInvalid', movesWith(400)],
  ['unauthorized-request-moves', 'express', refusals, 'accessDenied', movesWith(401)],
  ['refused-action-moves', 'hono', refusals, 'action', movesWith(501)],
  [
    'moved-yet-failed',
    'nest',
    'body/send-call-to-extension',
    'sendCallTo',
    () => ({
      answer(answer, { kind, body }) {
        const to = String((body as { sendCallTo?: unknown } | undefined)?.sendCallTo);
        if (kind === 'transfer' && answer.status < 300 && to.includes('*')) throw new Error('No route to the number.');
        return answer;
      },
    }),
  ],
];
