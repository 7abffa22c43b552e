import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import { exampleFixture } from '../call/fixture.ts';
import { startMockThread } from './target.ts';

const { user, extension, call } = exampleFixture(readContract());
const path = `/uapi/phoneCalls/${user}/${extension}/${call}`;

/** Asks from another process, while this thread waits and does nothing else. */
function statusOf(url: string, token: string): string {
  const ask = `
    const [url, token] = process.argv.slice(1);
    const headers = { authorization: 'Bearer ' + token };
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
    process.stdout.write(String(answer.status));
  `;
  return execFileSync(process.execPath, ['--input-type=module', '-e', ask, url, token], { encoding: 'utf8' });
}

test('the mock answers though the thread that started it is busy, to its tokens only', async () => {
  const mock = await startMockThread(['known']);
  expect(statusOf(`${mock.url}${path}`, 'known')).toBe('200');
  expect(statusOf(`${mock.url}${path}`, 'other')).toBe('401');
  await mock.close();
  await expect(fetch(`${mock.url}${path}`)).rejects.toThrow('fetch failed');
});
