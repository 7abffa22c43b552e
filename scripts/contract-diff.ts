import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { lt, valid } from 'semver';
import { runCommand } from '../conformance/cli/command-line.ts';
import { contractFile } from '../conformance/contract/contract.ts';
import { InputError } from '../conformance/contract/input-error.ts';
import type { JsonObject } from '../conformance/contract/json.ts';
import { compareContracts, type Change } from './contract-diff/compare.ts';
import { nextVersion, untoldSubjects } from './contract-diff/release.ts';
import { repositoryFolder, runCommandIn } from './package/install.ts';

const contractPath = 'generated/openapi.json';

const command = new Command('npm run contract:diff --')
  .description('Tells what has changed in the contract, whom each change breaks, and the next version.')
  .argument('<base>', 'the contract to compare with: a git revision, or a published version such as 0.1.0')
  .option('--check', 'exit with 1 unless CHANGELOG.md names what has changed, and the version is high enough');

await runCommand(command, async () => {
  const [base = ''] = command.args;
  const before = JSON.parse(await readBase(base)) as JsonObject;
  const after = JSON.parse(readFileSync(contractFile, 'utf8')) as JsonObject;
  const changes = compareContracts(before, after);
  print(changes);
  const next = nextVersion(versionOf(before), changes);
  console.log(`${changes.length} changes since ${base}. Version ${versionOf(before)} becomes ${next}.`);
  return command.opts<{ check?: boolean }>().check === true ? check(changes, next, versionOf(after)) : 0;
});

/** Reads the contract of a git revision, or of a published version. */
async function readBase(base: string): Promise<string> {
  // Git takes an empty revision for its index.
  if (base === '')
    throw new InputError('The base is empty: name a git revision, or a published version such as 0.1.0.');
  if (valid(base) !== base) {
    return runCommandIn(repositoryFolder, ['git', 'show', `${base}:${contractPath}`]).catch(() => {
      throw new InputError(`${base} is no git revision that has ${contractPath}: name one, or a published version.`);
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'contract-diff-'));
  const specifier = `transfer-contract@${base}`;
  try {
    const file = await runCommandIn(folder, ['npm', 'pack', '--silent', specifier]).catch(() => {
      throw new InputError(
        `${specifier} cannot be had from the registry: name a published version, or a git revision.`,
      );
    });
    return await runCommandIn(folder, ['tar', '-xzOf', file.trim(), `package/${contractPath}`]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Prints each change once, however many operations and answers it shows in. */
function print(changes: readonly Change[]): void {
  const groups = Map.groupBy(changes, ({ verdict, subject, says }) => [verdict, subject, says].join('\n'));
  for (const [{ verdict, at, says } = { verdict: '', at: '', says: '' }, ...others] of groups.values()) {
    console.log(`${verdict.padEnd(27)}${at}: ${says}${others.length > 0 ? ` (and ${others.length} more places)` : ''}`);
  }
}

function check(changes: readonly Change[], next: string, version: string): number {
  const untold = untoldSubjects(changes, readFileSync('CHANGELOG.md', 'utf8'));
  for (const subject of untold)
    console.error(`CHANGELOG.md: tell below [Unreleased] what has changed in \`${subject}\``);
  const tooLow = lt(version, next);
  if (tooLow) console.error(`spec/openapi.yaml: its version is ${version}, and must be ${next} or higher`);
  return untold.length > 0 || tooLow ? 1 : 0;
}

function versionOf({ info }: JsonObject): string {
  return String((info as JsonObject).version);
}
