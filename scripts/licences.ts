import process from 'node:process';
import { Command } from 'commander';
import { runCommand } from './command-line.ts';
import { licenceProblems, licenceRows } from './licences/licences.ts';
import { lockedPackages, lockProblems, readLock } from './licences/lock.ts';

/** How many packages are named where not all are asked for. */
const namedPackages = 4;

const command = new Command('npm run licences --')
  .description('Lists the licences of all packages in the lock file, and tells which must not be used.')
  .option('--all', 'name every package');

await runCommand(command, async () => {
  const lock = readLock();
  const packages = lockedPackages(lock);
  const { all = false } = command.opts<{ all?: boolean }>();
  for (const { licence, packages: names } of licenceRows(packages)) {
    const shown = all ? names : names.slice(0, namedPackages);
    const others = names.length > shown.length ? `, and ${names.length - shown.length} others` : '';
    process.stdout.write(`${String(names.length).padStart(4)}  ${licence.padEnd(18)} ${shown.join(', ')}${others}\n`);
  }
  const shipping = packages.filter(({ ships }) => ships).length;
  process.stdout.write(`${packages.length} packages, ${shipping} of which come to those who install this one\n`);
  const problems = [...licenceProblems(packages), ...lockProblems(lock)];
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems.length === 0 ? 0 : 1;
});
