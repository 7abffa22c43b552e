import { describe, expect, test } from 'vitest';
import { selectCases } from '../cases/select.ts';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { judge } from '../report/verdict.ts';
import type { Behaviour } from '../../scripts/lab/servers/plain/behaviour.ts';
import { documented, moveCall } from '../../scripts/lab/servers/plain/documented.ts';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { accepting, matching } from '../../scripts/lab/servers/plain/variations.ts';
import { exampleFixture } from '../call/fixture.ts';
import { startRun } from './execute.ts';
import { casesAtOnce, runCases } from './schedule.ts';

const suite = createSuite(readContract(), readRequirements());
const fixture = exampleFixture(suite.contract);

/** Runs the suite against a server that behaves otherwise than documented. */
async function examine(behaviour: Partial<Behaviour>) {
  const server = await startPlainServer({ behaviour });
  const profiles = ['core'];
  const limits = { profiles, concurrency: 8, timeout: 200, effectTimeout: 200 };
  const place = { baseUrl: server.url, loopback: true, token: 'proof-token', tokenNamed: true };
  const run = startRun(suite, { ...place, fixture, ...limits });
  const cases = selectCases(suite, fixture, { profiles, only: [], fuzz: undefined });
  const results = await runCases(run, cases, casesAtOnce);
  await run.close();
  await server.close();
  const { verdict, requirements } = judge(suite.requirements, results, { profiles, strict: false, partial: false });
  const withOutcome = (wanted: string) =>
    requirements.filter(({ outcome }) => outcome === wanted).map(({ requirement }) => requirement.id);
  return { verdict, violated: withOutcome('violated'), unreached: withOutcome('unreached') };
}

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
    const { verdict, violated } = await examine({ ...unread, ...newlineAccepted });
    expect(verdict).toBe('not conforming');
    expect(violated).toContain('body/send-call-to-invalid');
  });

  test('since it never has time for that, is not blamed, and what it does to calls is not known', async () => {
    const { verdict, violated, unreached } = await examine(busy);
    expect({ verdict, violated }).toEqual({ verdict: 'incomplete', violated: [] });
    expect(unreached).toContain('effects/refusal-moves-nothing');
    expect(unreached).not.toContain('body/send-call-to-invalid');
  });
});

test('late effects of refusals are found though the first readings fail', async () => {
  let readings = 0;
  let isMoved = false;
  const { violated } = await examine({
    finish: (answer, { request }) => (request.method === 'GET' && readings++ < 2 ? { ...answer, status: 500 } : answer),
    afterRefusal: (reason, { calls, request }) => {
      if (request.method !== 'PUT' || reason !== 'transferNumber' || calls === undefined || isMoved) return;
      isMoved = true;
      setTimeout(() => calls.forEach((call) => moveCall(call, '4155550199')), 300);
    },
  });
  expect(violated).toContain('effects/refusal-moves-nothing');
});
