import process from 'node:process';
import { afterEach, expect, test, vi } from 'vitest';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { runConformance } from './run.ts';
import type { Outputs } from './run-options.ts';
import type { SuiteThread } from './suite-thread.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** What is told of a run whose thread is lost as soon as it begins. */
async function lostRun(isTTY: boolean, onWrite: (text: string) => void = () => undefined): Promise<string> {
  vi.stubEnv('CI', undefined);
  vi.stubEnv('TERM', 'xterm');
  let told = '';
  const write = (text: string) => {
    told += text;
    onWrite(text);
  };
  const outputs = { stdout: { write }, stderr: { write, isTTY, columns: 80 } } as unknown as Outputs;
  const thread: Pick<SuiteThread, 'prepare' | 'begin'> = {
    prepare: async () => ({ cases: 1, requirements: [], undertaking: undefined }),
    begin: () => Promise.reject(new Error('The thread is lost.')),
  };
  const server = await startPlainServer({ tokens: ['token'] });
  const options = {
    url: server.url,
    token: 'token',
    concurrency: 1,
    timeout: 5000,
    profile: ['core'] as const,
    effectTimeout: 5000,
  };
  const run = runConformance(options, outputs, thread as SuiteThread);
  await expect(run).rejects.toThrow('The thread is lost.');
  await server.close();
  return told;
}

test('a run can be interrupted as soon as it is told that it begins', async () => {
  const before = process.listenerCount('SIGTERM');
  let introduced = 0;
  await lostRun(false, () => (introduced = process.listenerCount('SIGTERM')));
  expect(introduced).toBe(before + 1);
  expect(process.listenerCount('SIGTERM')).toBe(before);
});

test('a run that cannot begin leaves no progress on the terminal', async () => {
  const told = await lostRun(true);
  expect(told).toMatch(/1 case/);
  expect(told.endsWith('\r\u001B[K')).toBe(true);
});
