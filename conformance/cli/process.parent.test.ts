import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { plainEnvironment } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const folder = makeTemporaryFolder();

/** Starts a script as npm does, by a shell that hands no signal on. */
async function start(script: string, ...words: string[]) {
  const command = '"$0" --import=./scripts/require-node.mjs "$@" & echo "$!"; wait';
  const shell = spawn('sh', ['-c', command, process.execPath, `scripts/${script}`, ...words], {
    env: { ...plainEnvironment, npm_lifecycle_event: 'test' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = once(shell, 'close');
  const printed = { text: '' };
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (printed.text += text));
  while (!printed.text.includes('\n')) await once(shell.stdout, 'data');
  const id = Number.parseInt(printed.text);
  onTestFinished(() => {
    if (isRunning(id)) process.kill(id, 'SIGKILL');
  });
  return { shell, id, printed, closed };
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

// There, a process is never told that it has another parent.
describe.skipIf(process.platform === 'win32')('where the shell of npm is ended,', () => {
  test('the mock ends too, and frees its port', async () => {
    const { shell, printed, closed } = await start('mock.ts', '--port', '0');
    while (!printed.text.includes('Prefer')) await once(shell.stdout, 'data');
    const [url = ''] = /http:\/\/[\d.:]+/.exec(printed.text) ?? [];
    shell.kill('SIGTERM');
    await closed;
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test('a run is interrupted, and reports what it found', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const server = await startPlainServer({
      tokens: ['token'],
      behaviour: { finish: (answer) => sleep(200, answer) },
      configure: (listener) => void listener.once('request', ask),
    });
    const report = join(folder, 'report');
    const { shell, printed, closed } = await start('conformance.ts', server.url, '--report', report);
    await asked;
    shell.kill('SIGTERM');
    await closed;
    await server.close();
    expect(printed.text).toMatch(/^Remark: the run was interrupted/m);
    expect(JSON.parse(await readFile(join(report, 'report.json'), 'utf8'))).toMatchObject({ exitCode: 3 });
  });

  test('a run that ends already takes its time', async () => {
    const module = join(folder, 'slow.mjs');
    const call = "{ extension: '0003*210', call: 'b817d2618fe6f1804333', from: '0003*024', number: '0003*210' }";
    await writeFile(
      module,
      `export default { place: async () => (${call}), end: () => new Promise((end) => setTimeout(end, 1800)) };`,
    );
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const configure = (listener: NodeJS.EventEmitter) => void listener.once('request', ask);
    const server = await startPlainServer({ tokens: ['token'], configure });
    const { shell, id, printed, closed } = await start('conformance.ts', server.url, '--calls', module);
    await asked;
    process.kill(id, 'SIGINT');
    await sleep(700);
    shell.kill('SIGTERM');
    await closed;
    await server.close();
    expect(printed.text).toMatch(/^Remark: the run was interrupted[^]*Verdict: incomplete.*\n$/m);
  });
});
