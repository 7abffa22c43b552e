import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { startPlainServer, type PlainServerOptions } from '../../scripts/lab/servers/plain/start.ts';
import { accepting } from '../../scripts/lab/servers/plain/variations.ts';
import { runInProcess } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const folder = makeTemporaryFolder();
beforeAll(async () => {
  const faulty = { behaviour: accepting('transferFromNumber', (value) => value === undefined) };
  await report('right', {});
  await report('faulty', faulty);
}, 120_000);

/** Writes the report of a run on a server. */
async function report(name: string, server: PlainServerOptions): Promise<void> {
  const { url, close } = await startPlainServer(server);
  const only = ['--only', 'body/transferFromNumber', '--only', 'transfer/plain'];
  const options = [url, ...only, '--exclude', 'body/*/in-query', '--no-config', '--report', join(folder, name)];
  await runInProcess(options, { CONFORMANCE_TOKEN: 'proof-token' }).finally(close);
}

/** Runs `npm run conformance -- compare …`. */
function compare(...words: string[]) {
  return runInProcess(['compare', ...words]);
}

const fileOf = (name: string) => join(folder, name, 'report.json');

describe('two runs are compared', () => {
  test('of which the second is worse', async () => {
    const { exitCode, stdout } = await compare(fileOf('right'), fileOf('faulty'));
    expect(exitCode).toBe(1);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^Warning: The reports differ in the target: http:\S+, then http:\S+$/);
    expect(lines.slice(1)).toEqual([
      'Broken: 1 requirement',
      '  body/transfer-from-missing: met before, violated now',
      '',
      'Broken: 4 cases',
      '  body/transferFromNumber/missing: pass before, fail now',
      '  body/transferFromNumber/name-in-lower-case: pass before, fail now',
      '  body/transferFromNumber/name-in-upper-case: pass before, fail now',
      '  body/transferFromNumber/name-with-blank: pass before, fail now',
      '',
      'Verdict: conforming before, not conforming now',
      '',
    ]);
  });

  test('of which the second is better', async () => {
    const { exitCode, stdout } = await compare(fileOf('faulty'), fileOf('right'), '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      isWorse: false,
      requirements: [{ id: 'body/transfer-from-missing', change: 'fixed' }],
      cases: ['missing', 'name-in-lower-case', 'name-in-upper-case', 'name-with-blank'].map((way) => ({
        id: `body/transferFromNumber/${way}`,
        change: 'fixed',
      })),
    });
  });

  test('as Markdown', async () => {
    const { stdout } = await compare(fileOf('faulty'), fileOf('right'), '--markdown');
    expect(stdout).toMatch(/^## Verdict: not conforming before, conforming now\n/);
  });
});

describe('one line and exit 2 for', () => {
  const written = async (content: string) => {
    const file = join(folder, 'written.json');
    await writeFile(file, content);
    return file;
  };

  test.each([
    ['a text that ends early', '{\n  "version": 2,', /^\S+:2:16: this is no JSON: Property name expected\n$/],
    ['what is no JSON', 'version: 2', /^\S+:1:1: this is no JSON: Invalid symbol\n$/],
    ['another version', '{ "version": 1 }', /^\S+ is a report of version 1: expected 3; make it again\.\n$/],
    ['what is no report', '[]', /^\S+ is no report of a conformance run: it: expected object, received array\.\n$/],
  ])('%s', async (_, content, line) => {
    const { exitCode, stdout, stderr } = await compare(await written(content), fileOf('right'));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(line);
  });

  test('a report with a member that is not as it must be', async () => {
    const changed = (await readFile(fileOf('right'), 'utf8')).replace('"verdict": "pass"', '"verdict": "passed"');
    const { exitCode, stderr } = await compare(fileOf('right'), await written(changed));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^\S+ is no report of a conformance run: \/cases\/\d+\/verdict: expected one of .*\n$/);
  });

  test('a file that is not there, and for two forms at once', async () => {
    const missing = await compare(fileOf('nowhere'), fileOf('right'));
    expect(missing).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^The report \S+ cannot be read: /) as string,
    });
    const both = await compare(fileOf('right'), fileOf('right'), '--json', '--markdown');
    expect(both.stderr).toBe('--json and --markdown exclude each other: name one of them.\n');
  });
});
