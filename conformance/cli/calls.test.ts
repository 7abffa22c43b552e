import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, test } from 'vitest';
import { TokenIssuer } from '../../scripts/lab/servers/consuming/start.ts';
import { runScript } from '../../scripts/generate/run-script.ts';
import { runInProcess } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { serveConsuming } from '../testing/servers.ts';

const clientSecret = 's3cret-of-the-client';
const voipNow = 'conformance/call/sources/voipnow.ts';

const modules = {
  'nothing.ts': 'export const place: string = "";',
  'endless.ts': 'while (true);',
  'crashing.ts': `
    export default {
      place: () => new Promise(() => setTimeout(() => { throw new Error('the line is dead'); }, 20)),
      end: async () => {},
    };`,
  'leaving.ts': 'export default { place: async () => process.exit(7), end: async () => {} };',
  // As users write their own, outside of this repository.
  'busy.ts': `
    import type { CallSource } from '${join(process.cwd(), 'conformance/call/call-source.ts')}';
    const busy: CallSource = { place: async () => { throw new Error('all lines are busy'); }, end: async () => {} };
    export default busy;`,
};

const folder = makeTemporaryFolder();
beforeAll(async () => {
  await Promise.all(Object.entries(modules).map(([name, text]) => writeFile(join(folder, name), text)));
});

/** Runs the command with a client's secret in the environment. */
function conformance(...options: string[]) {
  const words = options.map((option) => option.replace('FOLDER', folder));
  return runInProcess(words, { CONFORMANCE_CLIENT_SECRET: clientSecret });
}

describe('one line and exit 2 for', () => {
  test.each([
    [
      'a module without a source',
      ['URL', '--calls', 'FOLDER/nothing.ts'],
      /nothing\.ts exports none: expected a default export/,
    ],
    ['a client of the mock', ['--client-id', 'app'], /^--client-id fetches a token for a server: name its URL/],
    [
      'a client that is refused',
      ['URL', '--client-id', 'other'],
      /^No token came from .*: it answered 401 invalid_client; /,
    ],
  ])('%s', async (_, options, line) => {
    const server = await serveConsuming({ issuer: new TokenIssuer({ id: 'app', secret: clientSecret }, 60) });
    const result = await conformance(...options.map((option) => option.replace('URL', server.url)));
    const { exitCode, stdout, stderr } = result;
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.trimEnd()).toMatch(line);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(stderr).not.toContain(clientSecret);
  });

  // Only the end of the process ends its thread.
  test('a module that never ends', async () => {
    const server = await serveConsuming({ tokens: ['t'] });
    const words = ['scripts/conformance.ts', server.url, '--calls', join(folder, 'endless.ts'), '--token', 't'];
    const { exitCode, stderr } = await runScript('--import=./scripts/require-node.mjs', words);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/endless\.ts cannot be loaded: it.*\n$/),
    });
  });
});

describe('calls and tokens', () => {
  test('are placed and fetched for a run, and none is left or shown', async () => {
    const issuer = new TokenIssuer({ id: 'app', secret: clientSecret }, 60);
    const server = await serveConsuming({ issuer });
    const before = server.calls.ids;
    const { exitCode, stdout } = await conformance(server.url, '--client-id', 'app', '--calls', voipNow);
    expect(stdout).toMatch(/\nVerdict: conforming.*\n$/);
    expect({ exitCode, issued: issuer.issued.length, left: server.calls.ids }).toEqual({
      exitCode: 0,
      issued: 1,
      left: before,
    });
    expect(stdout).not.toContain(clientSecret);
    expect(stdout).not.toContain(issuer.issued[0]);
  });

  test('that cannot be placed make a run incomplete, with the reason', async () => {
    const server = await serveConsuming({ tokens: ['token'] });
    const { exitCode, stdout } = await conformance(server.url, '--calls', 'FOLDER/busy.ts', '--only', 'transfer/*');
    expect(stdout).toMatch(/^Unreached: the source of calls failed: all lines are busy$/m);
    expect(exitCode).toBe(3);
  });
});

describe('a source of calls that', () => {
  test.each([
    ['throws at once where nobody waits for it', 0],
    ['throws soon where nobody waits for it', 700],
  ])('%s ends the run early, without a call left, and its secrets are not shown', async (_, delay) => {
    const server = await serveConsuming({ tokens: ['token-of-the-run'] });
    const before = server.calls.ids;
    const source = join(folder, `stray-${delay}.ts`);
    await writeFile(
      source,
      `import voipNow from '${join(process.cwd(), voipNow)}';
      let isFirst = true;
      export default {
        place: async (context) => {
          if (isFirst) setTimeout(() => { throw new Error('the log refused ' + context.token); }, ${delay});
          isFirst = false;
          return voipNow.place(context);
        },
        end: voipNow.end,
      };`,
    );
    const options = ['--calls', source, '--token', 'token-of-the-run', '--rate', '200'];
    const { exitCode, stdout, stderr } = await conformance(server.url, ...options);
    expect(stderr).toBe(
      'Besides the cases, an error came that nobody handled: the log refused $CONFORMANCE_TOKEN ' +
        '(of the module of --calls, or of the suite itself).\n',
    );
    expect(stdout).toMatch(/^Remark: an error came that nobody handled: .*, and cases left unfinished: \d+$/m);
    expect(stdout).toMatch(/\nVerdict: incomplete.*\n$/);
    expect(stdout).not.toContain('token-of-the-run');
    expect({ exitCode, left: server.calls.ids }).toEqual({ exitCode: 3, left: before });
  });

  test('waits for ever, and throws where nobody waits for it, ends the run early', async () => {
    const server = await serveConsuming({ tokens: ['token'] });
    const { exitCode, stdout, stderr } = await conformance(
      server.url,
      '--calls',
      'FOLDER/crashing.ts',
      '--token',
      'token',
    );
    expect(stderr).toMatch(/^Besides the cases, an error came that nobody handled: the line is dead \(.*\)\.\n$/);
    expect(stdout).toMatch(/\nVerdict: incomplete.*\n$/);
    expect(exitCode).toBe(3);
  });

  test('would end the process fails instead', async () => {
    const server = await serveConsuming({ tokens: ['token'] });
    const options = ['--calls', 'FOLDER/leaving.ts', '--token', 'token', '--only', 'transfer'];
    const { exitCode, stdout, stderr } = await conformance(server.url, ...options);
    expect(stdout).toMatch(/^Unreached: the source of calls failed: process\.exit.* called/m);
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
  });
});
