import { describe, expect, test } from 'vitest';
import type { Behaviour } from '../../scripts/lab/servers/plain/behaviour.ts';
import { documented, moveCall } from '../../scripts/lab/servers/plain/documented.ts';
import { accepting, matching } from '../../scripts/lab/servers/plain/variations.ts';
import { examine } from './testing/examine.ts';

const hasty = { timeout: 200, effectTimeout: 200 };

const busy: Partial<Behaviour> = {
  finish: (answer, { request }) => (request.method === 'GET' ? { ...answer, status: 503 } : answer),
};
const silent: Partial<Behaviour> = {
  send: async (answer, exchange) => {
    if (exchange.request.method !== 'GET') await documented.send(answer, exchange);
  },
};
const newlineAccepted = accepting('sendCallTo', matching(/^(?:\+?[0-9]+|[0-9*]+)\n$/));

describe('a server whose calls cannot be read,', () => {
  test.each([
    ['since it never has time for that', busy],
    ['since it never answers that', silent],
  ])('%s, is blamed for what it does wrong with transfers', async (_, unread) => {
    const { verdict, violated } = await examine({ ...unread, ...newlineAccepted }, hasty);
    expect(verdict).toBe('not conforming');
    expect(violated).toContain('body/send-call-to-invalid');
  });

  test('since it never has time for that, is not blamed, and what it does to calls is not known', async () => {
    const { verdict, violated, unreached } = await examine(busy, hasty);
    expect({ verdict, violated }).toEqual({ verdict: 'incomplete', violated: [] });
    expect(unreached).toContain('effects/refusal-moves-nothing');
    expect(unreached).not.toContain('body/send-call-to-invalid');
  });
});

test('late effects of refusals are found though the first readings fail', async () => {
  let readings = 0;
  let isMoved = false;
  const behaviour: Partial<Behaviour> = {
    finish: (answer, { request }) => (request.method === 'GET' && readings++ < 2 ? { ...answer, status: 500 } : answer),
    afterRefusal: (reason, { calls, request }) => {
      if (request.method !== 'PUT' || reason !== 'transferNumber' || calls === undefined || isMoved) return;
      isMoved = true;
      setTimeout(() => calls.forEach((call) => moveCall(call, '4155550199')), 300);
    },
  };
  const { violated } = await examine(behaviour, hasty);
  expect(violated).toContain('effects/refusal-moves-nothing');
});
