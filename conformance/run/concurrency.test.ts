import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Behaviour } from '../../scripts/lab/servers/plain/behaviour.ts';
import { examine } from './testing/examine.ts';

/** The most requests that a server saw under way at once, those that read the call among them. */
async function mostAtOnce(concurrency: number): Promise<number> {
  let underWay = 0;
  let most = 0;
  const finish: Behaviour['finish'] = async (answer) => {
    most = Math.max(most, ++underWay);
    await sleep(5);
    underWay--;
    return answer;
  };
  // Ten transfers are sent at once by one case, whatever the limit.
  await examine({ finish }, { concurrency }, { only: ['body', 'path'] });
  return most;
}

test.each([1, 3])('no more than %d requests are under way at once, if that is the limit', async (concurrency) => {
  expect(await mostAtOnce(concurrency)).toBe(concurrency);
});
