import process from 'node:process';
import { spawn } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { startConsumingServer } from '../../scripts/lab/servers/consuming/start.ts';
import { answering } from '../../scripts/lab/servers/plain/variations.ts';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { plainEnvironment } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const folder = makeTemporaryFolder();

/** Starts `npm run conformance -- …`, as if at a terminal. */
function conformance(...options: string[]) {
  const commandLine = ['--import=./scripts/require-node.mjs', 'scripts/conformance.ts', ...options];
  const child = spawn(process.execPath, commandLine, { env: plainEnvironment, stdio: ['ignore', 'pipe', 'pipe'] });
  const { promise: acknowledged, resolve: acknowledge } = Promise.withResolvers<void>();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece;
    if (stderr.includes('Interrupted by')) acknowledge();
  });
  const ended = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) =>
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal })),
  );
  void ended.then(() => acknowledge());
  const finished = Promise.all([ended, text(child.stdout)]).then(([end, stdout]) => ({ ...end, stdout, stderr }));
  const interrupt = (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    return acknowledged;
  };
  return { child, interrupt, finished };
}

/**
 * Does something when a server is asked for so many times, by one method or by any, and lets it answer nothing until
 * that is done: however busy the machine is, the run gets no further meanwhile.
 */
function onRequest(count: number, act: () => Promise<void> | void, method?: string): (server: Server) => void {
  let requests = 0;
  let done: Promise<void> | void;
  return (server) => {
    const answer = server.listeners('request') as RequestListener[];
    server.removeAllListeners('request').on('request', (request, response) => {
      if ((method ?? request.method) === request.method && ++requests === count) done = act();
      void Promise.resolve(done).then(() => answer.forEach((listener) => listener(request, response)));
    });
  };
}

describe.concurrent('a run that is interrupted', () => {
  test.for([
    {
      when: 'refusals and readings are tried',
      signal: 'SIGTERM',
      request: 150,
      method: undefined,
      told: / unreached.*\nRequirements: /,
    },
    // Each transfer has another call placed, eight at the same time.
    {
      when: 'transfers are tried',
      signal: 'SIGINT',
      request: 20,
      method: 'POST',
      told: /\d{3} pass, \d+ unreached.*\nRequirements: \d+ met/,
    },
  ] as const)('while $when tells what it left unfinished, and leaves no call', async (row, { expect }) => {
    const { signal, request, method, told } = row;
    const server = await startConsumingServer({
      tokens: ['token'],
      configure: onRequest(request, () => run.interrupt(signal), method),
    });
    const before = server.calls.ids;
    const report = join(folder, signal);
    const run = conformance(server.url, '--calls', 'conformance/call/sources/voipnow.ts', '--report', report);
    const { exitCode, stdout, stderr } = await run.finished;
    await server.close();
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: `Interrupted by ${signal}: calls are ended and the report is made; once more to leave at once.\n`,
    });
    expect(server.calls.ids).toEqual(before);
    const [, unfinished] = /^Remark: the run was interrupted, and cases left unfinished: (\d+)$/m.exec(stdout) ?? [];
    expect(Number(unfinished)).toBeGreaterThan(0);
    expect(stdout).toMatch(told);
    expect(stdout).toMatch(/\nVerdict: incomplete.*\n$/);
    const { cases } = JSON.parse(await readFile(join(report, 'report.json'), 'utf8')) as {
      cases: { reason?: string }[];
    };
    expect(cases.length).toBeGreaterThan(300);
    expect(cases.filter(({ reason }) => reason === 'the run was interrupted')).toHaveLength(Number(unfinished));
    expect(await readdir(report)).not.toContainEqual(expect.stringContaining('unfinished'));
  });

  test('exits with 1 where a violation was found before', async ({ expect }) => {
    const server = await startPlainServer({
      tokens: ['token'],
      behaviour: answering('refused', (answer) => ({ ...answer, body: '{}' })),
      configure: onRequest(200, () => run.interrupt('SIGINT')),
    });
    const run = conformance(server.url);
    const { exitCode, stdout } = await run.finished;
    await server.close();
    expect(stdout).toMatch(/^VIOLATED/m);
    expect(stdout).toMatch(/^Remark: the run was interrupted/m);
    expect(exitCode).toBe(1);
  });

  test('while its source of calls is loaded ends at once', async ({ expect }) => {
    const module = join(folder, 'hanging.mjs');
    await writeFile(module, "console.error('Interrupted by'); await new Promise((done) => setTimeout(done, 1e8));");
    const server = await startPlainServer({ tokens: ['token'] });
    const run = conformance(server.url, '--calls', module);
    // The module says so itself, once it is there.
    await run.interrupt('SIGCONT');
    const began = performance.now();
    run.child.kill('SIGINT');
    const { signal, stdout } = await run.finished;
    await server.close();
    expect({ signal, stdout }).toEqual({ signal: 'SIGINT', stdout: '' });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test('twice ends at once', async ({ expect }) => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    // Whoever hangs up never comes to an end.
    const module = join(folder, 'endless.mjs');
    const call = "{ extension: '0003*210', call: 'b817d2618fe6f1804333', from: '0003*024', number: '0003*210' }";
    await writeFile(
      module,
      `export default { place: async () => (${call}), end: () => new Promise(() => setTimeout(() => {}, 90_000)) };`,
    );
    const server = await startPlainServer({ tokens: ['token'], configure: onRequest(20, begin) });
    const run = conformance(server.url, '--calls', module);
    await begun;
    run.child.kill('SIGINT');
    const again = setInterval(() => run.child.kill('SIGINT'), 100);
    const { signal, stdout } = await run.finished;
    clearInterval(again);
    await server.close();
    expect(signal).toBe('SIGINT');
    expect(stdout).not.toContain('Verdict');
  });
});

test('a target that dies half-way leaves what was found until then', async () => {
  const server = await startPlainServer({
    tokens: ['token'],
    configure: (listener) => {
      onRequest(760, () => {
        listener.close();
        listener.closeAllConnections();
      })(listener);
    },
  });
  const { stdout } = await conformance(server.url).finished;
  expect(stdout).toMatch(/^Unreached: the target cannot be reached any more: [^:]*ECONNREFUSED/m);
  expect(stdout).toMatch(/ \d+ pass/);
  expect(stdout).not.toMatch(/Verdict: conforming/);
});
