import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findLeaks } from '../../scripts/lab/leaks.ts';
import { runInProcess } from './testing/run-command.ts';
import { listenForTest } from '../testing/servers.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const token = 'eyJhbGciOi/IUzI1NiJ9+c2VjcmV0';
const otherToken = 'eyJvdGhlciI6/InVzZXIifQ+other/secret';
const cookie = 'c00kie-that-nobody-must-see';

const folder = makeTemporaryFolder();

/** A server that repeats what it is sent, wherever it can. */
async function startEcho() {
  const server = createServer((request, response) => {
    const { authorization = 'nothing' } = request.headers;
    request.resume().on('end', () => {
      const isRead = request.method === 'GET';
      response.writeHead(isRead ? 200 : 400, {
        'content-type': 'application/json',
        'www-authenticate': authorization,
        'set-cookie': `sid=${cookie}; Path=/`,
      });
      const code = [
        authorization,
        authorization.toUpperCase(),
        encodeURIComponent(authorization),
        Buffer.from(authorization).toString('base64'),
        authorization.replaceAll(/[^]/g, (character) => `&#${character.charCodeAt(0)};`),
      ];
      response.end(
        JSON.stringify(
          isRead ? { id: authorization, note: cookie } : { error: { code: code.join(' '), message: cookie } },
        ),
      );
    });
  });
  return listenForTest(server);
}

test('nothing that a run prints or writes shows the token, or a cookie', async () => {
  const file = join(folder, 'token');
  const report = join(folder, 'report');
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  const options = ['--token-file', file, '--self-check', '--profile', 'core', '--profile', 'bulk', '--report', report];
  const { exitCode, stdout, stderr } = await runInProcess([await startEcho(), ...options], {
    DEBUG: '1',
    CONFORMANCE_OTHER_TOKEN: otherToken,
  });
  expect(exitCode).toBe(1);
  const names = await readdir(report);
  const written = await Promise.all(names.map((name) => readFile(join(report, name), 'utf8')));
  const texts = new Map([
    ['stdout', stdout],
    ['stderr', stderr],
    ...names.map((name, index) => [name, written[index] ?? ''] as const),
  ]);
  expect(names.length).toBeGreaterThan(1);
  for (const [name, text] of texts) {
    expect([name, ...findLeaks(token, text), ...findLeaks(otherToken, text)]).toEqual([name]);
    expect([name, ...findLeaks(cookie, text)]).toEqual([name]);
  }
  expect(texts.get('report.json')).toContain('$CONFORMANCE_TOKEN');
});
