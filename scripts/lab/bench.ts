import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { format, resolveConfig } from 'prettier';
import { addOptions, readValues, runCommand } from '../../conformance/cli/command-line.ts';
import { flag, oneOf, path, wholeNumber } from '../../conformance/cli/option-values.ts';
import { parts } from './bench/comparisons.ts';
import { formatRow, formatTable, putRows, reaches, type Comparison, type Rounds } from './bench/ratio.ts';
import { startPlainServer } from './servers/plain/start.ts';

/** The argument that makes this file the process of a correct server. */
const forked = 'server';

const page = join(import.meta.dirname, 'bench/RESULTS.md');
const names = Object.keys(parts) as [string, ...string[]];

/** The parts that are left out where there is no other checkout. */
const comparedWithCheckout: readonly string[] = ['fuzz', 'tests'];

const options = {
  part: { flags: '--part <name...>', value: oneOf(...names).array(), description: `only some of ${names.join(', ')}` },
  rounds: { flags: '--rounds <n>', value: wholeNumber(1, 100), default: 5, description: 'rounds behind the first' },
  against: { flags: '--against <folder>', value: path(), description: 'the other checkout, after npm ci there' },
  keep: { flags: '--keep <folder>', value: path(), description: 'keep what is installed here, for the next time' },
  write: { flags: '--write', value: flag(), description: 'put the ratios into scripts/lab/bench/RESULTS.md' },
  check: { flags: '--check', value: flag(), description: 'exit with 1 if a ratio misses its goal' },
};

const command = addOptions(new Command('npm run lab -- bench'), options)
  .description('Measures how fast the suite, the tests, the mock and the client are, side by side.')
  .addHelpText('after', '\nExit codes: 0 all is well, 1 a ratio misses its goal, 2 nothing was measured.');

if (process.argv[2] === forked) await serve();
else await runCommand(command, measureParts);

async function measureParts(): Promise<number> {
  const { part, rounds: count, against, keep, write, check } = readValues(command, options);
  const folder = resolve(keep ?? mkdtempSync(join(tmpdir(), 'bench-')));
  mkdirSync(folder, { recursive: true });
  await using ending = new AsyncDisposableStack();
  if (keep === undefined) ending.defer(() => rmSync(folder, { recursive: true, force: true }));
  const server = fork(import.meta.filename, [forked]);
  ending.defer(() => void server.kill());
  const [url] = (await once(server, 'message')) as [string];
  const rows: string[][] = [];
  let missed = 0;
  for (const name of part ?? names.filter((name) => against !== undefined || !comparedWithCheckout.includes(name))) {
    const context = { folder, url, ending, against: against && resolve(against) };
    for (const comparison of (await parts[name]?.(context)) ?? []) {
      const rounds = await measureInTurns(comparison, count);
      rows.push(formatRow(comparison, rounds, describeCircumstances(count)));
      if (!reaches(comparison, rounds)) missed++;
    }
  }
  process.stdout.write(await format(formatTable(rows), { parser: 'markdown' }));
  if (write) {
    const text = putRows(readFileSync(page, 'utf8'), rows);
    writeFileSync(page, await format(text, { ...(await resolveConfig(page)), filepath: page }));
  }
  return check && missed > 0 ? 1 : 0;
}

/** Measures both sides round after round. The first round, in which caches fill, does not count. */
async function measureInTurns({ says, measure, measureOther }: Comparison, count: number): Promise<Rounds> {
  const rounds: [number, number][] = [];
  for (let turn = 0; turn <= count; turn++) {
    const figures: [number, number] = [await measure(), await measureOther()];
    process.stderr.write(`${says}, round ${turn} of ${count}: ${figures.map(Math.round).join(' to ')}\n`);
    if (turn > 0) rounds.push(figures);
  }
  return rounds;
}

function describeCircumstances(rounds: number): string {
  const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node.js ${process.versions.node}`;
  return `${rounds} rounds, ${machine}, load ${loadavg()[0]?.toFixed(1)}, ${new Date().toISOString().slice(0, 10)}`;
}

/** Serves a correct server in this process, which ends with the one that started it. */
async function serve(): Promise<void> {
  const { url } = await startPlainServer({ tokens: ['token'] });
  process.on('disconnect', () => process.exit());
  process.send?.(url);
}
