import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeTemporaryFolder } from '../conformance/testing/temporary-folder.ts';
import { runScript } from './generate/run-script.ts';

const folder = makeTemporaryFolder();
writeFileSync(join(folder, 'broken.yaml'), 'openapi: 3.1.1\ninfo:\n  title: [a\npaths: {}\n');

/** Each command line, with FOLDER for that of the test's files, and the one line that answers it. */
const told: Readonly<Record<string, readonly [commandLine: string, line: RegExp][]>> = {
  generate: [
    ['--spce a.yaml', /^Unknown option --spce: did you mean --spec\? See --help\.$/],
    ['--check --out FOLDER/broken.yaml', /^FOLDER\/broken\.yaml: expected a folder, but this is a file\.$/],
    ['--check --spec nowhere.yaml', /^nowhere\.yaml: .*no such file\.$/],
    ['--spec FOLDER/broken.yaml --out FOLDER/out', /^FOLDER\/broken\.yaml:4:\d+: .*cannot be read: .+$/],
  ],
  'lab/proof': [['--only no-such', /^No fault or control matches no-such: see scripts\/lab\/PROOF\.md for the ids\.$/]],
  'lab/fuzz': [['--requests 0', /^--requests: expected a whole number from 1 to \d+, got "0"\.$/]],
};

describe.each(Object.entries(told))('%s answers in one line, with exit code 2,', (script, commandLines) => {
  test.each(commandLines)('%s', async (commandLine, line) => {
    const ended = await runScript(`scripts/${script}.ts`, commandLine.replaceAll('FOLDER', folder).split(' '));
    const [first, ...more] = ended.stderr.replaceAll(folder, 'FOLDER').split('\n');
    expect({ ...ended, stderr: first, more }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(line),
      more: [''],
    });
  });
});
