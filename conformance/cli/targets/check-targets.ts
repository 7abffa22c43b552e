import { parseShard } from '../../cases/select.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { exitCodeAfter } from '../../report/verdict.ts';
import { didYouMean, InputError } from '../../contract/input-error.ts';
import { makeWritableFolder, writeWholeFiles } from '../../report/report-files.ts';
import { overviewPage } from './overview-page.ts';
import { overviewLine, overviewOf, resultLine, type Overview } from './overview.ts';
import { resultIn, type TargetResult } from './run-target.ts';
import { runTargets } from './run-targets.ts';
import { readTargetList, type ListedTarget, type OverviewFile } from './target-list.ts';

/** The command line of `npm run conformance -- targets`. */
export interface TargetsOptions {
  readonly atOnce: number;
  readonly report?: string;
  /** The names of the targets that are run; all if left out. */
  readonly target?: readonly string[];
  /** The part of the list that is run, as INDEX/COUNT. */
  readonly shard?: string;
  /** Whether nothing is run, and the overview made of the reports that are there. */
  readonly collect?: boolean;
  readonly yes?: boolean;
}

/** Where results are told, and what could not be written. */
export interface TargetsOutputs {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs the suite on the targets of a list, tells each result, and writes the overview.
 *
 * @returns The worst exit code of all: 1, 2, 3 and then 0; instead of 0, 2 where the overview could not be written.
 * @throws InputError with one line, if the list or an option is not as it must be.
 */
export async function checkTargets(
  file: string,
  options: TargetsOptions,
  { stdout: output, stderr }: TargetsOutputs,
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
    output.write(`[${told}/${targets.length}] ${resultLine(result)}\n`);
  };
  try {
    const results = collect
      ? targets.map((target) => resultIn(folder, target, ''))
      : await interruptible((signal) => runTargets(targets, { folder, atOnce, yes, signal, onResult }));
    if (collect) results.forEach(onResult);
    const overview = overviewOf(results, startedAt, Date.now() - startedAt);
    output.write(`${overviewLine(overview)}\n`);
    const unwritten = report === undefined ? [] : writeOverview(report, overview);
    for (const line of unwritten) stderr.write(`${line}\n`);
    return exitCodeAfter(overview.exitCode, unwritten);
  } finally {
    if (report === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Where nothing is sent, no secret is needed. */
const anything = new Proxy<Record<string, string>>({}, { get: () => 'not needed' });

/**
 * Writes the overview into the folder of the reports that it links to.
 *
 * @returns A line for each file that could not be written.
 */
export function writeOverview(folder: string, overview: Overview): string[] {
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

/** Runs a task that a signal ends early: those that are under way are told to end too, and what is known is reported. */
async function interruptible<Result>(task: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => controller.abort(signal);
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await task(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
