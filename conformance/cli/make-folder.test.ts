import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, test } from 'vitest';
import { runScript } from '../../scripts/generate/run-script.ts';
import { makeFolder } from './make-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'make-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder is made, with those that it is in, or is there', () => {
  const deep = join(folder, 'one', 'two', 'three');
  makeFolder(deep);
  makeFolder(deep);
  makeFolder(`${deep}/../other/`);
  makeFolder(relative(process.cwd(), join(folder, 'relative')));
  const made = ['one/two/three', 'one/two/other', 'relative'].map((name) => statSync(join(folder, name)).isDirectory());
  expect(made).toEqual([true, true, true]);
});

test('a link to a folder is one', () => {
  symlinkSync(folder, join(folder, 'link'), 'junction');
  makeFolder(join(folder, 'link', 'behind'));
  expect(statSync(join(folder, 'behind')).isDirectory()).toBe(true);
});

test('a file is no folder', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file)).toThrow(/^EEXIST/);
  expect(() => makeFolder(join(file, 'inside'))).toThrow(/^ENOTDIR/);
});

describe.skipIf(!existsSync('/proc/self')).concurrent('where no folder can be made, one line says so for', () => {
  test.each([
    ['conformance.ts', '--report', /^The report folder \/proc\/none\/deep cannot be made: ENOENT.*\n$/],
    ['generate.ts', '--out', /^ENOENT: no such file or directory, mkdir '\/proc\/none'.*\n$/],
  ])('%s', async (script, option, line) => {
    const { DEBUG: _debug, ...environment } = process.env;
    const commandLine = [`scripts/${script}`, option, '/proc/none/deep'];
    const ended = await runScript('--import=./scripts/require-node.mjs', commandLine, environment);
    expect(ended).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringMatching(line) });
  });
});
