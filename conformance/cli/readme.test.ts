import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import { startMock } from '../mock/mock.ts';
import { createRunCommand } from './command.ts';
import { runInProcess } from './testing/run-command.ts';

const pages = ['README.md', 'conformance/README.md', 'scripts/package/conformance/README.md'];
const readBlocks = (page: string, language: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, code = '']) => code,
  );

/** Stands in for the commands of the pages, and prints the words that a shell gives it, with separators. */
const recorder = `#!/bin/sh
printf '%s␟' "\${0##*/}" "$@"
printf '␞'
`;

/** Returns the commands that a shell starts for a text that is typed into it, each as its words. */
async function typeInto(shell: string, text: string): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'recorder'), recorder, { mode: 0o755 });
  for (const name of ['npm', 'npx', 'curl', 'docker']) await symlink('recorder', join(folder, name));
  const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder, TERM: 'dumb' };
  // As a person does: a shell that is interactive knows no comments in zsh, and expands * in both.
  const options = shell === 'zsh' ? ['-fi'] : ['--norc', '-i'];
  const { stdout, stderr } = spawnSync(shell, options, { input: text, env, cwd: folder, encoding: 'utf8' });
  expect(stderr).not.toMatch(/no matches found|not found|parse error|unexpected/);
  return [...stdout.matchAll(/(npm|npx|curl|docker)␟([^␞]*)␟␞/g)].map(([, name = '', words = '']) => [
    name,
    ...words.split('␟'),
  ]);
}

/** Returns the words after the command of a run, or undefined if a command is another. */
function findArguments([command, ...words]: readonly string[]): string[] | undefined {
  if (command === 'npm' && words[0] === 'run' && words[1] === 'conformance') return words.slice(3);
  const place = words.lastIndexOf('transfer-conformance');
  return command === 'npx' && place !== -1 ? words.slice(place + 1) : undefined;
}

const subcommands = ['merge', 'compare', 'targets', 'mock'];

describe.each(['bash', 'zsh'])('the examples, typed into %s,', (shell) => {
  const isMissing = spawnSync(shell, ['--version']).error !== undefined;

  test.skipIf(isMissing).each(pages)('of %s are commands with options that there are', async (page) => {
    const typed = await typeInto(shell, readBlocks(page, 'sh').join('\n'));
    expect(typed.length).toBeGreaterThan(3);
    const runs = typed.flatMap((words) => [findArguments(words) ?? []].filter(([first]) => first !== undefined));
    for (const words of runs.filter(([first = '']) => !subcommands.includes(first))) {
      const command = createRunCommand('conformance').exitOverride().parse(words, { from: 'user' });
      expect(command.args.length).toBeLessThan(2);
      expect(words.join(' ')).not.toMatch(/['#]/);
    }
  });
});

test('the examples of README.md do what it says', async () => {
  const mock = await startMock({ contract: readContract() });
  onTestFinished(() => mock.close());
  const typed = await typeInto('bash', readBlocks('README.md', 'sh').join('\n'));
  const [first, live] = typed.flatMap((words) => [findArguments(words)].filter((found) => found !== undefined));
  expect(first).toEqual([]);
  const words = live?.map((word) => word.replace('https://pbx.example.com', mock.url)) ?? [];
  expect(await runInProcess([...words, '--only', 'transfer'])).toMatchObject({ exitCode: 3 });
  const curl =
    typed.find(([command]) => command === 'curl')?.map((word) => word.replace(/http:.*4010/, mock.url)) ?? [];
  const value = (flag: string) => curl.flatMap((word, place) => (word === flag ? [curl[place + 1] ?? ''] : []));
  const headers = value('-H').map((line): [string, string] => [line.split(': ')[0] ?? '', line.split(': ')[1] ?? '']);
  const answer = await fetch(curl.find((word) => word.startsWith(mock.url)) ?? '', {
    method: value('-X')[0] ?? 'GET',
    headers,
    body: value('-d')[0] ?? '',
  });
  expect(readFileSync('README.md', 'utf8')).toContain(`\n${await answer.text()}\n`);
  const [client = ''] = readBlocks('README.md', 'ts');
  const entry = resolve('generated/client/index.ts');
  const code = client.replace("'transfer-contract'", `'${entry}'`).replace(/http:.*4010/, mock.url);
  const file = join(await mkdtemp(join(tmpdir(), 'readme-')), 'example.mts');
  onTestFinished(() => rm(resolve(file, '..'), { recursive: true }));
  await writeFile(file, code);
  const printed: unknown[] = [];
  const { log } = console;
  console.log = (line) => printed.push(line);
  await import(file).finally(() => (console.log = log));
  expect(printed).toEqual(['Transferred.']);
});
