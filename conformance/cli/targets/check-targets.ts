import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { z } from 'zod';
import { parseShard } from '../../cases/select.ts';
import { didYouMean, InputError } from '../../contract/input-error.ts';
import { makeWritableFolder, writeWholeFiles } from '../../report/report-files.ts';
import { exitCodeAfter } from '../../report/verdict.ts';
import {
  addOptions,
  nameCommand,
  perform,
  printError,
  readValues,
  type Io,
  type OptionValues,
} from '../command-line.ts';
import { flag, path, shardPart, text, wholeNumber } from '../option-values.ts';
import { option } from '../options.ts';
import { overviewLine, overviewOf, overviewPage, resultLine } from './overview.ts';
import { interruptible } from '../process.ts';
import { loadVariables } from '../read-options.ts';
import { readResult, runTargets, type TargetResult } from './run-target.ts';
import { readTargetList, type ListedTarget, type OverviewFile } from './target-list.ts';

const table = {
  atOnce: option('--at-once <n>', wholeNumber(1, 256), 'number of servers that are checked at the same time', {
    default: 4,
  }),
  report: option('--report <dir>', path(), 'folder for the overview, with one for the reports of each target'),
  target: option('--target <name>', z.array(text()), 'only the target of this name; repeatable'),
  shard: option('--shard <i/n>', shardPart(), 'only part i of n of the list'),
  collect: option('--collect', flag(), 'check nothing: make the overview of the reports in --report'),
  yes: option('--yes', flag(), 'transfer calls of live systems without a question'),
};

type TargetsOptions = OptionValues<typeof table>;

/** Checks each server of a list: `targets FILE`. */
export async function runTargetList(argv: readonly string[], io: Io): Promise<number> {
  const command = addOptions(new Command(nameCommand('targets')), table)
    .description('Checks each server of a list, a few at the same time, and writes an overview of all.')
    .argument('<targets.yaml>', 'list of targets')
    .addHelpText('after', '\nExit codes: the worst of all targets, in this order: 1, 2, 3, 0; 2 for bad input.');
  return perform(command, argv, io, async () => {
    const [file = ''] = command.args;
    loadVariables();
    return checkTargets(file, readValues(command, table), io);
  });
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
  const targets = chosen(readTargetList(file, collect ? undefined : process.env), options);
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
      : await interruptible((signal, begin) => {
          begin();
          return runTargets(targets, { folder, atOnce, yes }, signal, onResult);
        }, stderr);
    if (collect) results.forEach(onResult);
    const overview = overviewOf(results, startedAt, Date.now() - startedAt);
    stdout.write(`${overviewLine(overview)}\n`);
    if (report === undefined) return overview.exitCode;
    const files = {
      'overview.json': () => `${JSON.stringify(overview, undefined, 2)}\n`,
      'index.html': () => overviewPage(overview),
    } satisfies Record<OverviewFile, () => string>;
    const unwritten = writeWholeFiles(report, files, 'overview');
    printError(stderr, ...unwritten);
    return exitCodeAfter(overview.exitCode, unwritten);
  } finally {
    if (report === undefined) rmSync(folder, { recursive: true, force: true });
  }
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
