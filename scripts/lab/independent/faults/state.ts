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
  'several-workers': [
    'express',
    'effects/call-moves',
    'returnsUpdated',
    stale((_context, reading) => reading % 2 === 0),
  ],
  'reading-cached': [
    'koa',
    'effects/call-moves',
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
  'alias-me-stale': ['hono', 'effects/call-moves', 'me', stale(({ path }) => path.userId === '@me')],
  'alias-viewer-stale': ['nest', 'effects/call-moves', 'viewer', stale(({ path }) => path.userId === '@viewer')],
  'alias-owner-stale': ['fastify', 'effects/call-moves', 'owner', stale(({ path }) => path.userId === '@owner')],
  'alias-self-stale': ['express', 'effects/call-moves', 'self', stale(({ path }) => path.extension === '@self')],
  'encoded-path-stale': ['koa', 'effects/call-moves', 'encoded', stale(({ head }) => /%40/i.test(head.url))],
  'moves-nothing': ['fastify', 'effects/call-moves', 'transfersTheCall', () => ({ moves: (parties) => parties })],
  'moves-nothing-by-alias': [
    'nest',
    'effects/call-moves',
    'selfAndId',
    () => ({
      moves: ([source, destination], { sendCallTo }, { path }) =>
        path.extension === '@self' ? [source, destination] : [source, sendCallTo],
    }),
  ],
  'wrong-leg-stays': [
    'express',
    'effects/call-moves',
    'transferFrom',
    () => ({
      moves: (parties, { sendCallTo, transferFromNumber }) =>
        parties.map((party) => (party === transferFromNumber ? party : sendCallTo)),
    }),
  ],
  'always-destination-leaves': [
    'koa',
    'effects/call-moves',
    'parties',
    () => ({ moves: ([source], { sendCallTo }) => [source, sendCallTo] }),
  ],
  'always-the-extension-stays': [
    'hono',
    'effects/call-moves',
    'parties',
    () => ({ moves: (_parties, { sendCallTo }) => ['0003*210', sendCallTo] }),
  ],
  'transfer-number-decides-nothing-left-out': [
    'nest',
    'effects/call-moves',
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
    'effects/call-moves',
    'transferFrom',
    () => ({
      answer(answer, context) {
        if (!isReading(answer, context) || context.parties().includes('0003*024')) return answer;
        const [source, destination] = context.parties();
        return withParties(answer, [source, destination, '0003*024']);
      },
    }),
  ],
  'both-leave': [
    'express',
    'effects/call-moves',
    'transferred',
    () => ({ moves: (_p, { sendCallTo }) => [sendCallTo, sendCallTo] }),
  ],
  'sends-to-another-number': [
    'koa',
    'effects/call-moves',
    'sendCallTo',
    () => ({ moves: ([source], { sendCallTo }) => [source, sendCallTo.slice(0, 7)] }),
  ],
  'loses-leading-zeros': [
    'hono',
    'effects/call-moves',
    'sendCallTo',
    () => ({ moves: ([source], { sendCallTo }) => [source, sendCallTo.replace(/^0+(?=\d)/, '')] }),
  ],
  'undone-after-a-while': [
    'nest',
    'effects/call-moves',
    'returnsUpdated',
    () => ({ moved: (before, { put }) => void setTimeout(() => put(before), 500).unref() }),
  ],
  'refused-request-moves': [
    'koa',
    'effects/refusal-moves-nothing',
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
    'effects/refusal-moves-nothing',
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
    'effects/refusal-moves-nothing',
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
};
