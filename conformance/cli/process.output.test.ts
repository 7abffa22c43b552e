import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, test } from 'vitest';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { answering } from '../../scripts/lab/servers/plain/variations.ts';
import { startShell } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const unprinted =
  /^Standard output could not be written, and lacks something: ENOSPC.* Make room, or send it elsewhere\.\n$/;
const reports = ['junit.xml', 'report.har', 'report.html', 'report.json', 'report.sarif', 'summary.md'];

const folder = makeTemporaryFolder();
beforeAll(async () => {
  await writeFile(
    join(folder, 'targets.yaml'),
    `targets: [${['one', 'other'].map((name) => `{ name: ${name}, url: 'http://127.0.0.1:1' }`).join()}]`,
  );
});

/** Starts a script whose streams a shell directs somewhere. */
function start(words: string, directions: string) {
  const script = `scripts/${words.replaceAll('FOLDER', folder)}`;
  return startShell(`exec "$0" --import=./scripts/require-node.mjs ${script} ${directions}`);
}

/** Starts such a script, and resolves with its end. */
const run = (words: string, directions: string) => start(words, directions).ended;

// A device that is always full stands for a disk that is.
describe.skipIf(!existsSync('/dev/full')).concurrent('standard output that cannot be written', () => {
  test.each(['conformance.ts --list', 'conformance.ts --help', 'conformance.ts targets --help', 'mock.ts --help'])(
    'is told in one line by %s, with exit code 2',
    async (words) => {
      const { exitCode, stderr } = await run(words, '>/dev/full');
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(unprinted) });
    },
  );

  test('costs a run no report', async ({ expect }) => {
    const server = await startPlainServer({ tokens: ['token'] });
    const words = `conformance.ts ${server.url} --only transfer/plain --report FOLDER/conforming`;
    const { exitCode, stderr } = await run(words, '>/dev/full');
    await server.close();
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(unprinted) });
    expect((await readdir(join(folder, 'conforming'))).toSorted()).toEqual(reports);
  });

  test('costs a run no verdict that is worse', async ({ expect }) => {
    const behaviour = answering('transferred', (answer) => ({ ...answer, status: 201 }));
    const server = await startPlainServer({ tokens: ['token'], behaviour });
    const { exitCode, stderr } = await run(`conformance.ts ${server.url} --only transfer/plain`, '>/dev/full');
    await server.close();
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(unprinted) });
  });

  test('costs a list of targets no overview', async ({ expect }) => {
    await run('conformance.ts targets FOLDER/targets.yaml --at-once 1 --report FOLDER/targets', '>/dev/full');
    expect(JSON.parse(await readFile(join(folder, 'targets', 'overview.json'), 'utf8'))).toMatchObject({
      exitCode: 2,
    });
  });
});

describe.concurrent('standard error', () => {
  const broken = [
    ['whose reader has gone', '2> >(exec true)'],
    ['that cannot be written', '2>/dev/full'],
  ] as const;

  test.each(broken.filter((_, place) => place === 0 || existsSync('/dev/full')))(
    '%s costs a run that is interrupted, which is told there, neither report nor verdict',
    async (name, direction) => {
      const interrupt = () => void running.child.kill('SIGINT');
      const server = await startPlainServer({
        tokens: ['token'],
        configure: (listener) => listener.once('request', interrupt),
      });
      const running = start(`conformance.ts ${server.url} --report 'FOLDER/${name}'`, direction);
      const { exitCode, stdout } = await running.ended;
      await server.close();
      expect(stdout).toMatch(/^Remark: the run was interrupted[^]*Verdict: incomplete.*\n$/m);
      expect(exitCode).toBe(3);
      expect((await readdir(join(folder, name))).toSorted()).toEqual(reports);
    },
  );
});

test.skipIf(process.platform === 'win32')('a run that may open too few files sends nothing', async () => {
  let requests = 0;
  const server = await startPlainServer({ configure: (listener) => listener.on('request', () => requests++) });
  const { stderr } = await startShell('ulimit -n 32; exec "$0" scripts/conformance.ts "$1"', server.url).ended;
  await server.close();
  expect(stderr).toMatch(/^A run opens 32 files at once, and this process only \d+ \(EMFILE\): raise ulimit -n\.\n$/);
  expect(requests).toBe(0);
});

/** Tells whether other users can read what is below a folder. */
function isOpen(path: string): boolean {
  return (statSync(path).mode & 0o001) !== 0 && (path === dirname(path) || isOpen(dirname(path)));
}

// Only root can start processes as other users.
test.skipIf(process.getuid?.() !== 0 || !isOpen(process.cwd()))(
  'a user without a home, who can write into the report folder alone',
  async () => {
    const report = join(folder, 'mounted');
    const temporary = join(folder, 'temporary');
    await Promise.all([report, temporary].map((path) => mkdir(path, { mode: 0o777 })));
    await Promise.all([folder, report, temporary].map((path) => chmod(path, 0o777)));
    const runAs = (environment: Readonly<Record<string, string>>) => {
      const words = ['scripts/conformance.ts', '--only', 'transfer/plain', '--report', report];
      const env = { PATH: process.env.PATH, HOME: '/nonexistent', TMPDIR: temporary, ...environment };
      return new Promise<{ exitCode: unknown; stdout: string; stderr: string }>((resolve) => {
        execFile(process.execPath, words, { env, uid: 4321, gid: 4321 }, (error, stdout, stderr) =>
          resolve({ exitCode: error?.code ?? 0, stdout, stderr }),
        );
      });
    };
    expect(await runAs({})).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Verdict: conforming') });
    expect((await readdir(report)).toSorted()).toEqual(reports);
    expect(await runAs({ TMPDIR: '/nonexistent' })).toMatchObject({
      exitCode: 2,
      stderr: 'A run needs a temporary folder, and /nonexistent cannot be written (ENOENT): set TMPDIR.\n',
    });
  },
);
