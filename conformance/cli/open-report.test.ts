import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { runInProcess } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { openReport } from './open-report.ts';

const folder = makeTemporaryFolder();
const file = join(folder, 'report.html');
beforeAll(() => writeFile(file, '<p>report</p>'));

/** A program that writes down what it was called with, and ends with an exit code. */
async function program(name: string, exitCode = 0): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho "$@" > '${path}.called'\nexit ${exitCode}\n`);
  await chmod(path, 0o755);
  return path;
}

const called = (path: string) => readFile(`${path}.called`, 'utf8');

describe('a report is opened by', () => {
  test.each([
    ['linux', 'xdg-open', ''],
    ['darwin', 'open', ''],
    ['win32', 'rundll32', 'url.dll,FileProtocolHandler '],
  ])('the opener of %s', async (platform, name, words) => {
    const opener = await program(name);
    expect(await openReport(file, { PATH: folder }, platform)).toBeUndefined();
    expect(await called(opener)).toBe(`${words}${pathToFileURL(file).href}\n`);
  });

  test.each([
    ['', '', ''],
    [' --new-window', '--new-window ', ''],
    [' --app=%s --kiosk', '--app=', ' --kiosk'],
    [':other %s', '', ''],
  ])('BROWSER with%s', async (words, before, after) => {
    const browser = await program('browser');
    const environment = { PATH: '', BROWSER: `${browser}${words}` };
    expect(await openReport(file, environment, 'linux')).toBeUndefined();
    expect(await called(browser)).toBe(`${before}${pathToFileURL(file).href}${after}\n`);
  });
});

describe('a remark tells that', () => {
  test('there is no opener', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    expect(await openReport(file, { PATH: empty }, 'linux')).toBe(
      `${file} is not opened: xdg-open is not there. Open it by hand, or name a browser in BROWSER.`,
    );
  });

  test('the opener failed', async () => {
    await program('xdg-open', 3);
    expect(await openReport(file, { PATH: folder }, 'linux')).toMatch(/: xdg-open ended with 3\. Open it by hand/);
  });

  test('there is no report', async () => {
    expect(await openReport(`${file}.gz`, {}, 'linux')).toBe(`${file}.gz is not opened: it was not written.`);
  });
});

describe('npm run conformance -- --open', () => {
  test('tries to open the report, and never fails the run', async () => {
    const options = ['--only', 'transfer/plain', '--report', folder, '--open'];
    expect(await runInProcess(options, { BROWSER: 'no-such-browser' })).toMatchObject({
      exitCode: 0,
      stderr: `${file} is not opened: no-such-browser is not there. Open it by hand, or name a browser in BROWSER.\n`,
    });
  });

  test('needs a folder for the report', async () => {
    const { exitCode, stdout, stderr } = await runInProcess(['--open']);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: '--open shows the report: say where it is written with --report DIR.\n',
    });
  });
});
