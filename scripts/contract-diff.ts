import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { lt } from 'semver';

import { readContract, type Contract } from '../conformance/contract/contract.ts';
import { runCommand } from '../conformance/cli/command-line.ts';
import { readBase } from './contract-diff/base.ts';
import { nextVersion, type Change } from './contract-diff/change.ts';
import { untoldChanges } from './contract-diff/changelog.ts';
import { compareContracts } from './contract-diff/compare-contracts.ts';

const command = new Command('npm run contract:diff --')
  .description('Tells what has changed in the contract, whom each change breaks, and the next version.')
  .argument('<base>', 'the contract to compare with: a git revision, or a published version such as 0.1.0')
  .option('--check', 'exit with 1 unless CHANGELOG.md names what has changed, and the version is high enough');

await runCommand(command, async () => {
  const [base = ''] = command.args;
  const [before, after] = [await readBase(base), readContract()];
  const changes = compareContracts(before, after);
  print(changes);
  const next = nextVersion(versionOf(before), changes);
  console.log(`${changes.length} changes since ${base}. Version ${versionOf(before)} becomes ${next}.`);
  return command.opts<{ check?: boolean }>().check === true ? check(changes, next, versionOf(after)) : 0;
});

/** Prints each change once, however many operations and answers it shows in. */
function print(changes: readonly Change[]): void {
  const groups = Map.groupBy(changes, ({ verdict, subject, says }) => [verdict, subject, says].join('\n'));
  for (const [{ verdict, at, says } = { verdict: '', at: '', says: '' }, ...others] of groups.values()) {
    const elsewhere = others.length > 0 ? ` (and ${others.length} more places)` : '';
    console.log(`${verdict.padEnd(27)}${at}: ${says}${elsewhere}`);
  }
}

function check(changes: readonly Change[], next: string, version: string): number {
  const untold = [
    ...new Set(untoldChanges(changes, readFileSync('CHANGELOG.md', 'utf8')).map(({ subject }) => subject)),
  ];
  for (const subject of untold)
    console.error(`CHANGELOG.md: tell below [Unreleased] what has changed in \`${subject}\``);
  const tooLow = lt(version, next);
  if (tooLow) console.error(`spec/openapi.yaml: its version is ${version}, and must be ${next} or higher`);
  return untold.length > 0 || tooLow ? 1 : 0;
}

function versionOf({ document }: Contract): string {
  return String((document.info as { version?: unknown }).version);
}
