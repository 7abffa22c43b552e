import { describe, expect, test } from 'vitest';
import type { Behaviour } from '../../scripts/lab/servers/plain/behaviour.ts';
import { documented } from '../../scripts/lab/servers/plain/documented.ts';
import { answering, errorAnswer, refusal } from '../../scripts/lab/servers/plain/variations.ts';
import type { Target } from './target.ts';
import { examine as examineBehaviour } from './testing/examine.ts';

/** Runs the suite against a server that behaves in its own way, and returns what it was asked too. */
async function examine(behaviour: Partial<Behaviour>, changes: Partial<Target> = {}, only: readonly string[] = []) {
  const asked: number[] = [];
  const moved: string[] = [];
  const { transfer, finish } = { ...documented, ...behaviour };
  const noting: Partial<Behaviour> = {
    transfer: (exchange) => {
      moved.push(String(exchange.request.url));
      return transfer(exchange);
    },
    finish: (answer, exchange) => {
      asked.push(performance.now());
      return finish(answer, exchange);
    },
  };
  const outcome = await examineBehaviour({ ...behaviour, ...noting }, changes, { only, atOnce: 16 });
  return { ...outcome, asked, moved };
}

describe('a run that only reads', () => {
  test('sends no transfer, judges the refusals, and is incomplete', async () => {
    const { verdict, met, unreached, cases, remarks, moved } = await examine({}, { readOnly: true });
    expect({ verdict, moved }).toEqual({ verdict: 'incomplete', moved: [] });
    expect(met).toEqual(expect.arrayContaining(['body/send-call-to-invalid', 'read-back/details']));
    expect(unreached).toContain('success/status');
    expect(cases.filter(({ verdict: own }) => own === 'error')).toEqual([]);
    expect(remarks).toEqual([expect.stringContaining('a server that refuses everything passes')]);
  });

  test('finds a wrong refusal', async () => {
    const { verdict } = await examine(refusal('sendCallTo', { status: 422 }), { readOnly: true });
    expect(verdict).toBe('not conforming');
  });
});

describe('a server that has no time', () => {
  const busy = (status: number) => ({
    ...errorAnswer(status, 'busy'),
    headers: { 'content-type': 'application/json', 'retry-after': '0' },
  });

  test.each([429, 503])('at first, and says so by %d, is left in peace', async (status) => {
    let count = 0;
    const counted = new WeakMap<object, boolean>();
    // It has no time before it looks at a request, so such a transfer moves nothing.
    const isBusy = ({ request }: { request: object }) => {
      if (!counted.has(request)) counted.set(request, count++ % 7 === 3);
      return counted.get(request) === true;
    };
    const { verdict, cases } = await examine({
      transfer: (exchange) => (isBusy(exchange) ? undefined : documented.transfer(exchange)),
      finish: (answer, exchange) => (isBusy(exchange) ? busy(status) : answer),
    });
    expect(cases.filter(({ verdict: own }) => own !== 'pass' && own !== 'not applicable').map(({ id }) => id)).toEqual(
      [],
    );
    expect(verdict).toBe('conforming');
  });

  test.each([429, 503])('for any request, and says so by %d, is incomplete, soon', async (status) => {
    const { verdict, cases, asked } = await examine({ finish: () => busy(status) });
    expect(verdict).toBe('incomplete');
    expect(new Set(cases.map(({ verdict: own }) => own))).toEqual(new Set(['unreached', 'not applicable']));
    expect(asked.length).toBeLessThan(cases.length + 100);
  });

  test('for transfers only is incomplete', async () => {
    const { verdict, unreached } = await examine({
      ...answering('transferred', () => busy(503)),
      transfer: () => {},
    });
    expect(verdict).toBe('incomplete');
    expect(unreached).toContain('success/status');
  });
});

test('a rate holds for all requests, those that read too', async () => {
  const { verdict, asked } = await examine({}, { rate: 100 }, ['transfer/*']);
  expect(verdict).toBe('conforming');
  const [first = 0] = asked;
  // A request may take its time on the way, but none is early.
  asked.forEach((time, index) => expect(time - first).toBeGreaterThan(index * 10 - 200));
  expect(asked.length).toBeGreaterThan(50);
});
