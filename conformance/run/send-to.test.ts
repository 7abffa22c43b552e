import { afterAll, beforeAll, expect, test } from 'vitest';
import { selectCases } from '../cases/select.ts';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import type { RunningServer } from '../mock/listener.ts';
import { exampleFixture } from '../call/fixture.ts';
import { startRun } from './execute.ts';
import { casesAtOnce, runCases } from './schedule.ts';

const suite = createSuite(readContract(), readRequirements());
const lacksNumber = 'body/sendCallTo/number';

let server: RunningServer;
beforeAll(async () => {
  server = await startPlainServer();
});
afterAll(() => server.close());

/** Lists what did not pass in a run in which the call may go to some numbers only. */
async function notPassed(sendTo: readonly string[]): Promise<string[]> {
  const fixture = { ...exampleFixture(suite.contract), sendTo };
  const limits = { profiles: ['core'], concurrency: 8, timeout: 5000, effectTimeout: 1000 };
  const place = { baseUrl: server.url, loopback: true, token: 'proof-token', tokenNamed: true };
  const only = ['body/sendCallTo', 'fuzz/body/sendCallTo'];
  const cases = selectCases(suite, fixture, { profiles: ['core'], only, fuzz: { values: 50, seed: 1 } });
  const run = startRun(suite, { ...place, fixture, ...limits });
  const results = await runCases(run, cases, casesAtOnce);
  await run.close();
  return results.filter(({ verdict }) => verdict !== 'pass').map(({ id, verdict }) => `${verdict} ${id}`);
}

test.each([
  [['3235742879'], []],
  [['3235742879', '0003*212', '+13235742879'], []],
  [['0003*212', '3235742879'], []],
  [['0003*212'], [`unreached ${lacksNumber}`]],
  [['+13235742879'], [`unreached ${lacksNumber}`]],
  [['00441234567'], [`unreached ${lacksNumber}`]],
  [['12345678901234567890'], [`unreached ${lacksNumber}`]],
])('a call that may go to %s is sent nowhere else, and its broken transfers are refused', async (sendTo, expected) => {
  expect(await notPassed(sendTo)).toEqual(expected);
});
