import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { errorAnswer } from '../servers/plain/variations.ts';
import type { UnusualServer } from '../servers/server.ts';
import { control } from './control.ts';

const longAgo = 'Mon, 01 Jan 2024 00:00:00 GMT';

const answersOfBusyServers: readonly (readonly [name: string, says: string, answer: Answer])[] = [
  ['503', '503', errorAnswer(503, 'service_unavailable')],
  ['503-retry-after', '503 and Retry-After', later(503, '0')],
  ['429-retry-after', '429 and Retry-After', later(429, '0')],
  ['429-retry-after-date', '429 and a Retry-After that is a date', later(429, longAgo)],
  ['503-html', '503 and a page of HTML', { ...later(503, '0'), body: '<h1>Busy</h1>' }],
];

/** Servers that turn some requests away, and accept them when they are sent again. */
export const busy: readonly UnusualServer[] = answersOfBusyServers.map(([name, says, answer]) =>
  control(`busy/${name}`, `Of 23 requests one is answered with ${says}, and not looked at.`, () =>
    turningAway(23, answer),
  ),
);

function later(status: number, retryAfter: string): Answer {
  const answer = errorAnswer(status, 'busy');
  return { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } };
}

function turningAway(interval: number, answer: Answer): Partial<Behaviour> {
  const turnedAway = new WeakSet<Exchange>();
  let count = 0;
  return {
    accepts: {
      ...documented.accepts,
      authorization: (value, exchange) => {
        if (++count % interval === 5) turnedAway.add(exchange);
        return !turnedAway.has(exchange) && documented.accepts.authorization(value, exchange);
      },
    },
    finish: (ready, exchange) => (turnedAway.has(exchange) ? answer : ready),
  };
}
