import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runScript } from '../../scripts/generate/run-script.ts';

const { DEBUG: _debug, CONFORMANCE_TOKEN: _token, ...environment } = process.env;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bad-input-'));
  // It waits for a timer that keeps the process alive.
  await writeFile(
    join(folder, 'hanging.mjs'),
    'await new Promise((done) => setTimeout(done, 1e8)); export default {};',
  );
  await writeFile(join(folder, 'throwing.mjs'), "throw new TypeError('no lines');");
});
afterAll(() => rm(folder, { recursive: true }));

describe.concurrent('one line and exit 2 for', { timeout: 120_000 }, () => {
  test.each([
    [
      'a call that is none',
      ['--call', 'b817 d261'],
      /^--call "b817 d261" is no phoneCallId: expected text that matches /,
    ],
    ['no call', ['--call', ''], /^--call: expected a text that is not empty/],
    ['an extension that is none', ['--extension', 'a/b'], /^--extension "a\/b" is no extension: expected /],
    ['a User that is none', ['--user', '..'], /^--user ".." is no userId: expected /],
    [
      'a number that is none',
      ['--send-to', '0003*100', '--send-to', 'abc'],
      /^--send-to "abc" is no sendCallTo: expected /,
    ],
    ['a party that is none', ['--from', '٣'], /^--from "٣" is no transferFromNumber: expected /],
    ['another party that is none', ['--number', '1\n'], /^--number "1\\n" is no transferNumber: expected /],
    ['another call that is none', ['--other-call', '0003*210/..'], /^--other-call ".." is no phoneCallId: expected /],
    ['an idle extension that is none', ['--idle-extension', ' '], /^--idle-extension " " is no extension: expected /],
    [
      'a source of calls that throws',
      ['--calls', 'FOLDER/throwing.mjs'],
      /throwing\.mjs cannot be loaded: no lines\n$/,
    ],
    [
      'a source of calls that never loads',
      ['--calls', 'FOLDER/hanging.mjs'],
      /hanging\.mjs cannot be loaded: it took longer /,
    ],
  ])('%s', async (_, options, line) => {
    const commandLine = ['scripts/conformance.ts', ...options.map((option) => option.replace('FOLDER', folder))];
    const { exitCode, stdout, stderr } = await runScript(
      '--import=./scripts/require-node.mjs',
      commandLine,
      environment,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
