import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formats } from '../report/report-files.ts';
import { sampleCase, sampleReport } from '../report/testing/samples.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { runInProcess } from './testing/run-command.ts';

const folder = makeTemporaryFolder();
const fileOf = (name: string) => join(folder, name, 'report.json');
const right = formats['report.json']?.(sampleReport([sampleCase('pass', { id: 'body/number/a' })])) ?? '';
const faulty = formats['report.json']?.(sampleReport([sampleCase('fail', { id: 'body/number/a' })])) ?? '';
for (const [name, text] of Object.entries({ right, faulty })) {
  mkdirSync(join(folder, name));
  writeFileSync(fileOf(name), text);
}

const compare = (...words: string[]) => runInProcess(['compare', ...words]);

describe('two runs are compared', () => {
  test('of which the second is worse', async () => {
    const { exitCode, stdout } = await compare(fileOf('right'), fileOf('faulty'));
    expect(exitCode).toBe(1);
    expect(stdout).toBe(
      'Broken: 1 requirement\n  body/number: met before, violated now\n\n' +
        'Broken: 1 case\n  body/number/a: pass before, fail now\n\n' +
        'Verdict: conforming before, not conforming now\n',
    );
  });

  test('of which the second is better', async () => {
    const { exitCode, stdout } = await compare(fileOf('faulty'), fileOf('right'), '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      isWorse: false,
      requirements: [{ id: 'body/number', change: 'fixed' }],
      cases: [{ id: 'body/number/a', change: 'fixed' }],
    });
  });

  test('as Markdown', async () => {
    const { stdout } = await compare(fileOf('faulty'), fileOf('right'), '--markdown');
    expect(stdout).toMatch(/^## Verdict: not conforming before, conforming now\n/);
  });
});

describe('one line and exit 2 for', () => {
  test.each([
    ['a text that ends early', '{\n  "version": 2,', /^\S+:2:16: this is no JSON: Property name expected\n$/],
    ['what is no JSON', 'version: 2', /^\S+:1:1: this is no JSON: Invalid symbol\n$/],
    ['another version', '{ "version": 1 }', /^\S+ is a report of version 1: expected 3; make it again\.\n$/],
    ['what is no report', '[]', /^\S+ is no report of a conformance run: it: expected object, received array\.\n$/],
    [
      'a member that is not as it must be',
      right.replace('"verdict": "pass"', '"verdict": "passed"'),
      /^\S+ is no report of a conformance run: \/cases\/0\/verdict: expected one of .*\n$/,
    ],
  ])('%s', async (_, content, line) => {
    const file = join(folder, 'written.json');
    writeFileSync(file, content);
    const { exitCode, stdout, stderr } = await compare(file, fileOf('right'));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(line);
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
