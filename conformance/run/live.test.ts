import { describe, expect, test } from 'vitest';
import type { Case } from '../cases/case.ts';
import { selectCases } from '../cases/select.ts';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { judge } from '../report/verdict.ts';
import type { Behaviour } from '../../scripts/lab/servers/plain/behaviour.ts';
import { documented } from '../../scripts/lab/servers/plain/documented.ts';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { answering, errorAnswer, refusal } from '../../scripts/lab/servers/plain/variations.ts';
import { exampleFixture } from '../call/fixture.ts';
import type { Target } from '../target/target.ts';
import { startRun } from './execute.ts';
import { runCases } from './schedule.ts';

const suite = createSuite(readContract(), readRequirements());
const fixture = exampleFixture(suite.contract);
const profiles = ['core'];

/** Runs the suite against a server that behaves in its own way, and tells what it was asked. */
async function examine(behaviour: Partial<Behaviour>, changes: Partial<Target> = {}, only: readonly string[] = []) {
  const asked: number[] = [];
  const moved: string[] = [];
  const server = await startPlainServer({
    behaviour: {
      ...behaviour,
      transfer: (exchange) => {
        moved.push(String(exchange.request.url));
        return (behaviour.transfer ?? documented.transfer)(exchange);
      },
    },
    configure: (listener) => listener.on('request', () => asked.push(performance.now())),
  });
  const limits = { concurrency: 8, timeout: 5000, effectTimeout: 1000 };
  const place = { baseUrl: server.url, loopback: true, token: 'proof-token', tokenNamed: true };
  const cases = selectCases(suite, fixture, { profiles, only, fuzz: undefined }) as Case[];
  const run = startRun(suite, { ...place, fixture, profiles, ...limits, ...changes });
  const results = await runCases(run, cases, 16);
  const remarks = await run.close();
  await server.close();
  const outcome = judge(suite.requirements, results, { profiles, strict: false, partial: only.length > 0 });
  return { ...outcome, remarks, asked, moved };
}

describe('a run that only reads', () => {
  test('sends no transfer, judges the refusals, and is incomplete', async () => {
    const { verdict, requirements, cases, remarks, moved } = await examine({}, { readOnly: true });
    expect({ verdict, moved }).toEqual({ verdict: 'incomplete', moved: [] });
    const outcomeOf = (id: string) => requirements.find(({ requirement }) => requirement.id === id)?.outcome;
    expect(outcomeOf('body/send-call-to-invalid')).toBe('met');
    expect(outcomeOf('read-back/details')).toBe('met');
    expect(outcomeOf('success/status')).toBe('unreached');
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
    const { verdict, requirements } = await examine({
      ...answering('transferred', () => busy(503)),
      transfer: () => {},
    });
    expect(verdict).toBe('incomplete');
    const unreached = requirements
      .filter(({ outcome }) => outcome === 'unreached')
      .map(({ requirement }) => requirement.id);
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
