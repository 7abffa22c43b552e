import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RunningServer } from '../mock/listener.ts';
import { makeCertificates } from '../../scripts/lab/servers/surroundings/certificates.ts';
import { startForwardProxy } from '../../scripts/lab/servers/surroundings/forward-proxy.ts';
import { startTlsFront } from '../../scripts/lab/servers/surroundings/tls-front.ts';
import { runInProcess } from './testing/run-command.ts';
import { closeAfterTest, listenForTest, servePlain } from '../testing/servers.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const fixture = ['--user', '12', '--extension', '0003*210', '--call', 'b817d2618fe6f1804333'];
const parties = ['--send-to', '3235742879', '--from', '0003*024', '--number', '0003*210'];

const folder = makeTemporaryFolder();
let plain: RunningServer;
let front: RunningServer;
beforeEach(async () => {
  const certificates = await makeCertificates();
  writeFileSync(join(folder, 'ca.pem'), certificates.ca);
  plain = await servePlain();
  front = closeAfterTest(await startTlsFront(plain.url, certificates.server));
});

/** Runs `npm run conformance -- …` with one case. */
function conformance(options: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const commandLine = ['--no-config', '--only', 'transfer/plain', ...options];
  return runInProcess(commandLine, { CONFORMANCE_TOKEN: 'proof-token', ...environment });
}

describe('a target', () => {
  test('over TLS is checked where its authority is named', async () => {
    const { exitCode, stderr } = await conformance([front.url, '--ca', join(folder, 'ca.pem')]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.not.stringContaining('Warning') });
  });

  test('whose certificate is not checked is told so in a warning and in the report', async () => {
    const { exitCode, stdout, stderr } = await conformance([front.url, '--insecure']);
    const remark = `--insecure: the certificate of ${new URL(front.url).host} was not checked`;
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`Warning: ${remark}`);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`Remark: ${remark}`);
  });

  test('behind a proxy that refuses is told in one line, without the password', async () => {
    const proxy = closeAfterTest(await startForwardProxy('user:right'));
    const url = `http://pbx.example:${new URL(plain.url).port}`;
    const environment = { HTTP_PROXY: proxy.url.replace('//', '//user:wr0ng@'), NO_PROXY: '', no_proxy: '' };
    const { exitCode, stdout, stderr } = await conformance([url, '--yes', ...fixture, ...parties], environment);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`the proxy ${proxy.url} refuses (407 Proxy Authentication Required): see HTTP_PROXY`);
    expect(stderr + stdout).not.toContain('wr0ng');
  });

  test('that never answers is left at the end of the time of the run, and reported', async () => {
    const url = await listenForTest(createServer(() => undefined));
    const limits = ['--timeout', '600000', '--max-duration', '1'];
    const { exitCode, stdout } = await conformance([url, ...limits, '--report', join(folder, 'report')]);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('the run was ended after 1 s, its time limit');
    const report: unknown = JSON.parse(readFileSync(join(folder, 'report', 'report.json'), 'utf8'));
    expect(report).toMatchObject({ verdict: 'incomplete' });
  });
});
