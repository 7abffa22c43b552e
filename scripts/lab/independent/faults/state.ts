/** Makes mistakes about what is stored: the call does not move, moves wrongly, or is read from the wrong place. */
import type { FaultTable } from '../faults.ts';
import type { Answer, Context } from '../hooks.ts';

/** Writes other parties into an answer to a reading. */
const withParties = (answer: Answer, [source, ...destination]: string[]): Answer => {
  const text = JSON.stringify(answer.body, (key, value) =>
    key === 'source' ? [source] : key === 'destination' ? destination : value,
  );
  return { ...answer, body: JSON.parse(text) };
};
const isReading = (answer: Answer, context: Context) => context.kind === 'read' && answer.status === 200;
const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

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

export const stateFaults: FaultTable = {
  'several-workers': ['express', 'returnsUpdated', stale((_context, reading) => reading % 2 === 0)],
  'reading-cached': [
    'koa',
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
  'alias-me-stale': ['hono', 'me', stale(({ path }) => path.userId === '@me')],
  'alias-viewer-stale': ['nest', 'viewer', stale(({ path }) => path.userId === '@viewer')],
  'alias-owner-stale': ['fastify', 'owner', stale(({ path }) => path.userId === '@owner')],
  'alias-self-stale': ['express', 'self', stale(({ path }) => path.extension === '@self')],
  'encoded-path-stale': ['koa', 'encoded', stale(({ head }) => /%40/i.test(head.url))],
  'moves-nothing': ['fastify', 'transfersTheCall', () => ({ moves: (parties) => parties })],
  'moves-nothing-by-alias': [
    'nest',
    'selfAndId',
    () => ({
      moves: ([source, destination], { sendCallTo }, { path }) =>
        path.extension === '@self' ? [source, destination] : [source, sendCallTo],
    }),
  ],
  'wrong-leg-stays': [
    'express',
    'transferFrom',
    () => ({
      moves: (parties, { sendCallTo, transferFromNumber }) =>
        parties.map((party) => (party === transferFromNumber ? party : sendCallTo)),
    }),
  ],
  'always-destination-leaves': [
    'koa',
    'parties',
    () => ({ moves: ([source], { sendCallTo }) => [source, sendCallTo] }),
  ],
  'always-the-extension-stays': [
    'hono',
    'parties',
    () => ({ moves: (_parties, { sendCallTo }) => ['0003*210', sendCallTo] }),
  ],
  'transfer-number-decides-nothing-left-out': [
    'nest',
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
  'nobody-leaves': [
    'fastify',
    'transferFrom',
    () => ({
      answer(answer, context) {
        if (!isReading(answer, context) || context.parties().includes('0003*024')) return answer;
        const [source, destination] = context.parties();
        return withParties(answer, [source, destination, '0003*024']);
      },
    }),
  ],
  'both-leave': ['express', 'transferred', () => ({ moves: (_p, { sendCallTo }) => [sendCallTo, sendCallTo] })],
  'sends-to-another-number': [
    'koa',
    'sendCallTo',
    () => ({ moves: ([source], { sendCallTo }) => [source, sendCallTo.slice(0, 7)] }),
  ],
  'loses-leading-zeros': [
    'hono',
    'sendCallTo',
    () => ({ moves: ([source], { sendCallTo }) => [source, sendCallTo.replace(/^0+(?=\d)/, '')] }),
  ],
  'undone-after-a-while': [
    'nest',
    'returnsUpdated',
    () => ({ moved: (before, { put }) => void setTimeout(() => put(before), 500).unref() }),
  ],
  'lost-update': ['fastify', 'returnsUpdated', () => ({ between: () => wait(80) })],
  'refused-request-moves': [
    'koa',
    'transferNumberInvalid',
    () => ({
      answer(answer, { kind, body, parties, put }) {
        const to = (body as { sendCallTo?: unknown } | undefined)?.sendCallTo;
        if (kind === 'transfer' && answer.status === 400 && typeof to === 'string') put([parties()[0], to]);
        return answer;
      },
    }),
  ],
  'unauthorized-request-moves': [
    'express',
    'accessDenied',
    () => ({
      answer(answer, { head, body, parties, put }) {
        const to = (body as { sendCallTo?: unknown } | undefined)?.sendCallTo;
        if (head.method === 'PUT' && answer.status === 401 && typeof to === 'string') put([parties()[0], to]);
        return answer;
      },
    }),
  ],
  'refused-action-moves': [
    'hono',
    'action',
    () => ({
      answer(answer, { kind, body, parties, put }) {
        const to = (body as { sendCallTo?: unknown } | undefined)?.sendCallTo;
        if (kind === 'transfer' && answer.status === 501 && typeof to === 'string') put([parties()[0], to]);
        return answer;
      },
    }),
  ],
  'moved-yet-failed': [
    'nest',
    'sendCallTo',
    () => ({
      answer(answer, { kind, body }) {
        const to = String((body as { sendCallTo?: unknown } | undefined)?.sendCallTo);
        if (kind === 'transfer' && answer.status < 300 && to.includes('*')) throw new Error('No route to the number.');
        return answer;
      },
    }),
  ],
};
