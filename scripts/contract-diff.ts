import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { runCommand } from '../conformance/cli/command-line.ts';
import { readContract } from '../conformance/contract/contract.ts';
import { InputError } from '../conformance/contract/input-error.ts';
import { asObject, type JsonObject } from '../conformance/contract/json.ts';
import { compareContracts } from './contract-diff/compare.ts';
import { repositoryFolder, runCommandIn } from './package/install.ts';
import { findChangeProblems, nextVersion } from './package/release.ts';

const command = new Command('npm run contract:diff --')
  .description('Tells what has changed in the contract, whom each change breaks, and the next version.')
  .argument('<base>', 'the git revision to compare with, such as main or the tag of a version')
  .option('--check', 'exit with 1 unless CHANGELOG.md names what has changed, and the version is high enough');

await runCommand(command, async () => {
  const [base = ''] = command.args;
  // Git takes an empty revision for its index.
  if (base === '') throw new InputError('The base is empty: name a git revision.');
  const text = await runCommandIn(repositoryFolder, ['git', 'show', `${base}:generated/openapi.json`]).catch(() => {
    throw new InputError(`${base} is no git revision that has generated/openapi.json: name one, such as main.`);
  });
  const [before, after] = [JSON.parse(text) as JsonObject, readContract().document];
  const [was = '', is = ''] = [before, after].map(({ info }) => String(asObject(info).version));
  const changes = compareContracts(before, after);
  // Each change is listed once, however many operations and answers it shows in.
  const groups = Map.groupBy(changes, ({ verdict, subject, says }) => [verdict, subject, says].join('\n'));
  for (const [{ verdict, at, says } = { verdict: '', at: '', says: '' }, ...others] of groups.values()) {
    console.log(`${verdict.padEnd(27)}${at}: ${says}${others.length > 0 ? ` (and ${others.length} more places)` : ''}`);
  }
  const next = nextVersion(was, changes);
  console.log(`${changes.length} changes since ${base}. Version ${was} becomes ${next}.`);
  if (!command.opts<{ check?: true }>().check) return 0;
  const problems = findChangeProblems(changes, { version: is, next, changelog: readFileSync('CHANGELOG.md', 'utf8') });
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : 0;
});
