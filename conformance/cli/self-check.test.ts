import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { runInProcess } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const folder = makeTemporaryFolder();

function conformance(options: readonly string[], token?: string) {
  return runInProcess(options, token === undefined ? {} : { CONFORMANCE_TOKEN: token });
}

// A run takes a few seconds, and many times that on a busy machine.
describe('--self-check', { timeout: 120_000 }, () => {
  test('prints the share of wrong answers that a run of the mock would have caught', async () => {
    const { exitCode, stdout, stderr } = await conformance(['--self-check', '--report', folder]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [, caught, tried] = /^Self-check: (\d+) of (\d+) wrong answers .* \(\d+\.\d %\)/m.exec(stdout) ?? [];
    expect(Number(tried)).toBeGreaterThanOrEqual(400);
    expect(Number(caught)).toBeGreaterThanOrEqual(Number(tried) * 0.98);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Verdict: conforming');
    const { selfCheck } = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as {
      selfCheck: { totals: object };
    };
    expect(selfCheck.totals).toMatchObject({ tried: Number(tried), caught: Number(caught) });
  });

  // Readings may be shared by cases, as time has it.
  test('transfers nothing more, and shows no token', async () => {
    const token = 'pr00f-t0ken';
    const counts = await Promise.all(
      [[], ['--self-check']].map(async (options) => {
        let transfers = 0;
        const configure: Parameters<typeof startPlainServer>[0] = {
          tokens: [token],
          configure: (server) => server.on('request', ({ method }) => (transfers += method === 'PUT' ? 1 : 0)),
        };
        const server = await startPlainServer(configure);
        const only = ['--only', 'body/sendCallTo/*', '--only', 'transfer/plain'];
        const { exitCode, stdout } = await conformance([server.url, ...only, ...options], token);
        await server.close();
        expect({ exitCode, leaks: stdout.includes(token) }).toEqual({ exitCode: 0, leaks: false });
        expect(stdout.includes('Self-check: ')).toBe(options.length > 0);
        return transfers;
      }),
    );
    expect(counts[1]).toBe(counts[0]);
  });

  test('changes no exit code, and says so if no answer came', async () => {
    const { exitCode, stdout } = await conformance(['http://telephone.example', '--self-check']);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('Self-check: no wrong answer could be tried, since no case was run to its end\n');
  });
});

test('is named by --help', async () => {
  const { stdout } = await conformance(['--help', '--all']);
  expect(stdout).toContain('--self-check');
});
