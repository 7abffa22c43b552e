import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import type { RunningServer } from '../mock/listener.ts';
import { examineTarget, fixture, targetAt } from './testing/examine.ts';

const lacksNumber = 'body/sendCallTo/number';

let server: RunningServer;
beforeAll(async () => {
  server = await startPlainServer();
});
afterAll(() => server.close());

/** Lists what did not pass in a run in which the call may go to some numbers only. */
async function notPassed(sendTo: readonly string[]): Promise<string[]> {
  const only = ['body/sendCallTo', 'fuzz/body/sendCallTo'];
  const target = targetAt(server.url, { fixture: { ...fixture, sendTo } });
  const { results } = await examineTarget(target, { only, fuzz: 50, seed: 1 });
  // One case takes an extension.
  return results
    .filter(({ verdict, id }) => verdict !== 'pass' && !id.endsWith('/plus-before-extension'))
    .map(({ id, verdict }) => `${verdict} ${id}`);
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
