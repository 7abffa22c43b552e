import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { parseShard } from '../../cases/select.ts';
import { didYouMean, InputError } from '../../contract/input-error.ts';
import { makeWritableFolder, writeWholeFiles } from '../../report/report-files.ts';
import { exitCodeAfter } from '../../report/verdict.ts';
import { collected, nameCommand, perform, printError, wholeNumber, type Io } from '../command-line.ts';
import { checkValue, shardPart } from '../option-values.ts';
import { overviewLine, overviewOf, overviewPage, resultLine, type Overview } from './overview.ts';
import { interruptible } from '../process.ts';
import { readResult, runTargets, type TargetResult } from './run-target.ts';
import { readTargetList, type ListedTarget, type OverviewFile } from './target-list.ts';

interface TargetsOptions {
  readonly atOnce: number;
  readonly report?: string;
  /** The names of the targets that are run; all if left out. */
  readonly target?: readonly string[];
  /** The part of the list that is run, as INDEX/COUNT. */
  readonly shard?: string;
  /** True if nothing is run, and the overview is made of the reports that are there. */
  readonly collect?: boolean;
  readonly yes?: boolean;
}

/** Checks each server of a list: `targets FILE`. */
export async function runTargetList(argv: readonly string[], io: Io): Promise<number> {
  const command = new Command(nameCommand('targets'))
    .description('Checks each server of a list, a few at the same time, and writes an overview of all.')
    .argument('<targets.yaml>', 'the list of targets')
    .option('--at-once <n>', 'how many are checked at the same time', wholeNumber(1, 256), 4)
    .option('--report <dir>', 'a folder for the overview, with one for the reports of each target')
    .option('--target <name>', 'only the target of this name; repeatable', collected)
    .option('--shard <i/n>', 'only part i of n of the list', shardText)
    .option('--collect', 'check nothing: make the overview of the reports in --report')
    .option('--yes', 'transfer calls of live systems without a question')
    .addHelpText('after', '\nExit codes: the worst of all targets, in this order: 1, 2, 3, 0; 2 for bad input.');
  return perform(command, argv, io, async () => {
    const [file = ''] = command.args;
    return checkTargets(file, command.opts<TargetsOptions>(), io);
  });
}

function shardText(typed: string): string {
  return checkValue(shardPart(), typed, '--shard') as string;
}

/**
 * Runs the suite on the targets of a list, tells each result, and writes the overview.
 *
 * @returns The worst exit code of all: 1, 2, 3 and then 0; instead of 0, 2 where the overview could not be written.
 * @throws InputError with one line, if the list or an option is not as it must be.
 */
async function checkTargets(
  file: string,
  options: TargetsOptions,
  { stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>,
): Promise<number> {
  const { atOnce, collect = false, yes = false, report } = options;
  if (collect && report === undefined) throw new InputError('--collect reads reports: say where with --report DIR.');
  const targets = chosen(readTargetList(file, collect ? anything : process.env), options);
  if (report !== undefined) makeWritableFolder(report);
  const folder = report ?? mkdtempSync(join(tmpdir(), 'targets-'));
  const startedAt = Date.now();
  let told = 0;
  const onResult = (result: TargetResult) => {
    told += 1;
    stdout.write(`[${told}/${targets.length}] ${resultLine(result)}\n`);
  };
  try {
    const results = collect
      ? targets.map((target) => readResult(folder, target, ''))
      : await interruptible((signal) => runTargets(targets, { folder, atOnce, yes, signal, onResult }), stderr);
    if (collect) results.forEach(onResult);
    const overview = overviewOf(results, startedAt, Date.now() - startedAt);
    stdout.write(`${overviewLine(overview)}\n`);
    const unwritten = report === undefined ? [] : writeOverview(report, overview);
    printError(stderr, ...unwritten);
    return exitCodeAfter(overview.exitCode, unwritten);
  } finally {
    if (report === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** An environment for commands that send nothing, and so need no secret. */
const anything = new Proxy<Record<string, string>>({}, { get: () => 'not needed' });

/**
 * Writes the overview into the folder of the reports that it links to.
 *
 * @returns A line for each file that could not be written.
 */
function writeOverview(folder: string, overview: Overview): string[] {
  const files = {
    'overview.json': () => `${JSON.stringify(overview, undefined, 2)}\n`,
    'index.html': () => overviewPage(overview),
  } satisfies Record<OverviewFile, () => string>;
  return writeWholeFiles(folder, files, 'overview');
}

function chosen(targets: readonly ListedTarget[], { target: names, shard: part }: TargetsOptions): ListedTarget[] {
  const known = targets.map(({ name }) => name);
  const stranger = names?.find((name) => !known.includes(name));
  if (stranger !== undefined) {
    throw new InputError(`--target ${stranger}: the list has no such target${didYouMean(stranger, known) || '.'}`);
  }
  const named = targets.filter(({ name }) => names?.includes(name) ?? true);
  const shard = parseShard(part);
  if (shard === undefined) return named;
  if (shard.count > named.length) {
    throw new InputError(`--shard ${part}: the list has too few targets: expected a COUNT of at most ${named.length}.`);
  }
  return named.filter((_, place) => place % shard.count === shard.index - 1);
}
