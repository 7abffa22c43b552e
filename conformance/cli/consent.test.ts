import process from 'node:process';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { runScript } from '../../scripts/generate/run-script.ts';
import { assertWanted, summaryOf } from './consent.ts';
import type { Undertaking } from './consent.ts';

const { DEBUG: _debug, CONFORMANCE_TOKEN: _token, ...environment } = process.env;

const undertaking: Undertaking = {
  baseUrl: 'https://pbx.example.com',
  call: 'call b817 of User 12, extension 0003*210',
  endangered: 'call b817 of User 12, extension 0003*210',
  extension: '0003*210',
  sendTo: ['3235742879', '0003*100'],
  transfers: 44,
  bulkTransfers: 2,
  refusals: 300,
};

/** Somebody at a terminal, who types something when asked. */
function somebody(typed: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  let shown = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    if (!shown.includes('[y/N]') && `${shown}${text}`.includes('[y/N]')) input.write(typed);
    shown += text;
  });
  return { conversation: { input, output }, shown: () => shown };
}

describe('what is moved on a live system', () => {
  test('is told: which call, how often, where to', () => {
    expect(summaryOf(undertaking)).toEqual([
      'https://pbx.example.com is not on your own machine. This run',
      '  transfers call b817 of User 12, extension 0003*210, 44 times, to 3235742879 or 0003*100;',
      '  TRANSFERS EVERY CALL OF EXTENSION 0003*210, 2 times, to 3235742879 or 0003*100 (profile bulk);',
      expect.stringMatching(
        /^ {2}sends 300 transfers that must be refused: a server that accepts one may move call b817/,
      ),
    ]);
  });

  test.each(['y\n', 'Yes\n'])('is moved after the answer %j', async (typed) => {
    const { conversation, shown } = somebody(typed);
    await assertWanted(undertaking, false, conversation);
    expect(shown()).toContain('44 times');
  });

  test.each(['n\n', '\n', 'perhaps\n', '\u0003', '\u0004'])('is not moved after the answer %j', async (typed) => {
    await expect(assertWanted(undertaking, false, somebody(typed).conversation)).rejects.toThrow('Nothing was sent.');
  });

  test('is moved without a question where it is wanted', async () => {
    const { conversation, shown } = somebody('n\n');
    await assertWanted(undertaking, true, conversation);
    expect(shown()).not.toContain('[y/N]');
  });
});

/** Runs `npm run conformance -- …` without a terminal, on a host that it does not recognise as this machine. */
async function conformance(...options: string[]) {
  const asked: string[] = [];
  const server = await startPlainServer({
    tokens: ['token'],
    configure: (listener) => listener.on('request', ({ method }) => asked.push(String(method))),
  });
  const url = server.url.replace('127.0.0.1', '0.0.0.0');
  const fixture = ['--user', '12', '--extension', '0003*210', '--call', 'b817d2618fe6f1804333', '--from', '0003*024'];
  const named = [...fixture, '--number', '0003*210', '--send-to', '3235742879'];
  const commandLine = ['scripts/conformance.ts', url, ...named, ...options];
  const finished = await runScript('--import=./scripts/require-node.mjs', commandLine, {
    ...environment,
    CONFORMANCE_TOKEN: 'token',
  });
  await server.close();
  return { ...finished, asked };
}

describe.concurrent('without a terminal', () => {
  test('nothing is sent, and one line says what to add', async ({ expect }) => {
    const { exitCode, stdout, stderr, asked } = await conformance();
    expect({ exitCode, stdout, asked }).toEqual({ exitCode: 2, stdout: '', asked: [] });
    expect(stderr).toMatch(/^ {2}transfers call b817d2618fe6f1804333 of User 12, .* \d+ times, to 3235742879;$/m);
    expect(stderr).toMatch(
      /\nhttp:\S+ is not on your own machine: nothing was sent\. Add --yes to have this done\.\n$/,
    );
  });

  test('--yes sends, after a summary', async ({ expect }) => {
    const { stdout, stderr, asked } = await conformance('--yes', '--only', 'transfer/plain');
    expect(stderr).toMatch(/^ {2}transfers call .*, once, to 3235742879;$/m);
    expect(stdout).toMatch(/1 pass/);
    expect(asked).toContain('PUT');
  });

  test('nobody is asked for a run that only looks', async ({ expect }) => {
    const { stdout, stderr, asked } = await conformance('--read-only', '--only', 'reading/plain');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/1 pass/);
    expect(new Set(asked)).toEqual(new Set(['GET']));
  });
});
