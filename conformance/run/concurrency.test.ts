import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { selectCases } from '../cases/select.ts';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { exampleFixture } from '../call/fixture.ts';
import { startRun } from './execute.ts';
import { casesAtOnce, runCases } from './schedule.ts';

const suite = createSuite(readContract(), readRequirements());
const fixture = exampleFixture(suite.contract);

/** The most requests that a server saw under way at once, those that read the call among them. */
async function mostAtOnce(concurrency: number): Promise<number> {
  let underWay = 0;
  let most = 0;
  const server = await startPlainServer({
    behaviour: {
      finish: async (answer) => {
        most = Math.max(most, ++underWay);
        await sleep(5);
        underWay--;
        return answer;
      },
    },
  });
  const limits = { profiles: ['core'], concurrency, timeout: 5000, effectTimeout: 1000 };
  const place = { baseUrl: server.url, loopback: true, token: 'proof-token', tokenNamed: true };
  const run = startRun(suite, { ...place, fixture, ...limits });
  // Ten transfers are sent at once by one case, whatever the limit.
  const cases = selectCases(suite, fixture, { profiles: ['core'], only: ['body', 'path'], fuzz: undefined });
  await runCases(run, cases, casesAtOnce);
  await run.close();
  await server.close();
  return most;
}

test.each([1, 3])('no more than %d requests are under way at once, if that is the limit', async (concurrency) => {
  expect(await mostAtOnce(concurrency)).toBe(concurrency);
});
