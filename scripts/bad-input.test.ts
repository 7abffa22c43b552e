import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runScript } from './generate/run-script.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
  const contract = readFileSync('generated/openapi.json', 'utf8').split('\n');
  writeFileSync(join(folder, 'comma.json'), contract.with(1, `${contract[1]},`).join('\n'));
  writeFileSync(join(folder, 'cut.json'), '{\n  "openapi":');
  writeFileSync(join(folder, 'broken.yaml'), 'openapi: 3.1.1\ninfo:\n  title: [a\npaths: {}\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Each command line, with FOLDER for that of the test's files, and the one line that answers it. */
const told: Readonly<Record<string, readonly [commandLine: string, line: RegExp][]>> = {
  generate: [
    ['--spce a.yaml', /^Unknown option --spce: did you mean --spec\? See --help\.$/],
    ['words', /^Too many arguments, words: .* See --help\.$/],
    ['--out', /^--out <folder>: its value is missing\. See --help\.$/],
    ['--check --out FOLDER/cut.json', /^FOLDER\/cut\.json: expected a folder, but this is a file\.$/],
    ['--check --spec nowhere.yaml', /^nowhere\.yaml: .*no such file\.$/],
    ['--spec FOLDER/broken.yaml --out FOLDER/out', /^FOLDER\/broken\.yaml:4:\d+: .*cannot be read: .+$/],
  ],
  'lab/proof': [
    [
      '--only no-such-server',
      /^No fault or control matches no-such-server: see scripts\/lab\/PROOF\.md for the ids\.$/,
    ],
    ['--onyl checks', /^Unknown option --onyl: did you mean --only\? See --help\.$/],
    ['--jobs none', /^--jobs: expected a whole number from 1 to 64, got "none"\.$/],
  ],
  'lab/fuzz': [
    ['--request 5', /^Unknown option --request: did you mean --requests\? See --help\.$/],
    ['--requests 0', /^--requests: expected a whole number from 1 to \d+, got "0"\.$/],
    ['--seed -1', /^--seed: expected a whole number from 0 to \d+, got "-1"\.$/],
    ['--seed', /^--seed <n>: its value is missing\. See --help\.$/],
    ['http://127.0.0.1', /^Too many arguments, http:\/\/127\.0\.0\.1: .*$/],
  ],
  mock: [
    ['--contract FOLDER', /^The contract FOLDER cannot be read: .+\.$/],
    [
      '--contract FOLDER/comma.json',
      /^The contract FOLDER\/comma\.json cannot be read: .+ \(line 2 column \d+\)\. .+$/,
    ],
    ['--contract FOLDER/cut.json', /^The contract FOLDER\/cut\.json cannot be read: .+ \(line 2 column 13\)\. .+$/],
  ],
};

describe.each(Object.entries(told))('%s answers in one line, with exit code 2,', (script, commandLines) => {
  test.each(commandLines)('%s', async (commandLine, line) => {
    expect(await answerTo(script, commandLine.replaceAll('FOLDER', folder).split(' '))).toEqual({
      exitCode: 2,
      stdout: '',
      line: expect.stringMatching(line),
    });
  });
});

async function answerTo(script: string, commandLine: readonly string[]) {
  const { exitCode, stdout, stderr } = await runScript(`scripts/${script}.ts`, commandLine);
  const [line = '', ...more] = stderr.replaceAll(folder, 'FOLDER').split('\n');
  expect(more).toEqual(['']);
  return { exitCode, stdout, line };
}
