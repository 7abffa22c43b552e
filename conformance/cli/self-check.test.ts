import { describe, expect, test } from 'vitest';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { runInProcess } from './testing/run-command.ts';

function conformance(options: readonly string[], token?: string) {
  return runInProcess(options, token === undefined ? {} : { CONFORMANCE_TOKEN: token });
}

// A run takes a few seconds, and many times that on a busy machine.
describe('--self-check', { timeout: 120_000 }, () => {
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
