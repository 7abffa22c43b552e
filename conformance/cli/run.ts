import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Fuzz } from '../cases/fuzz.ts';
import { readContract } from '../contract/contract.ts';
import { InputError } from '../contract/input-error.ts';
import { assertWanted } from './consent.ts';
import type { RunSettings } from '../report/model.ts';
import type { Target } from '../target/target.ts';
import { describeRun } from '../report/describe-run.ts';
import { readKnownFile } from './known-file.ts';
import { pickSettings, type Options } from './options.ts';
import { interruptible } from './interruption.ts';
import { prepareInTime } from './prepare-run.ts';
import { introductionOf } from './progress-lines.ts';
import { silentProgress, startProgress, type Progress } from './progress.ts';
import { makeReportFolder } from '../report/report-files.ts';
import type { ConformanceOptions, Outputs } from './run-options.ts';
import { assertShardable, shardOf } from './shard.ts';
import type { SuiteThread } from './suite-thread.ts';
import { openTarget } from './target.ts';
import type { SuiteResult } from './vitest.ts';

/** How long a run has the processors for itself, in milliseconds. */
const longestAlone = 600;

/**
 * Runs the suite against the target that the options name, and writes the reports.
 *
 * @param thread - Where the suite is loaded meanwhile.
 * @returns The exit code.
 * @throws Error with one line, if an option, the contract or the target is not as it must be.
 */
export async function runConformance(
  options: ConformanceOptions,
  outputs: Outputs,
  thread: SuiteThread,
): Promise<number> {
  const { only = [], profile: profiles = ['core'], report: folder, selfCheck = false } = options;
  const { quiet = false, yes = false } = options;
  const contract = readContract();
  const known = options.known === undefined ? undefined : readKnownFile(options.known);
  if (folder !== undefined) makeReportFolder(folder);
  const calls = options.calls === undefined ? undefined : pathToFileURL(resolve(options.calls)).href;
  const fuzz = fuzzOf(options);
  assertShardable(options);
  const open = await openTarget(options, contract);
  for (const remark of open.remarks) outputs.stderr.write(`Warning: ${remark}\n`);
  try {
    const { target } = open;
    const selection = { profiles, only, fuzz, shard: shardOf(options.shard) };
    const { cases, requirements, undertaking } = await prepareInTime(thread, { target, selection, calls, selfCheck });
    if (fuzz !== undefined && !quiet)
      outputs.stdout.write(`Fuzz: ${fuzz.values} values for each constraint, seed ${fuzz.seed}\n`);
    // On a live system nothing is transferred unless somebody wants it.
    if (!target.loopback && undertaking !== undefined) await assertWanted(undertaking, yes);
    const description = describeRun(settingsOf(options, target), open, contract);
    const subject = { introduction: introductionOf(description, cases), all: cases };
    let progress = silentProgress(outputs);
    return await interruptible(
      async (interruption) => {
        // Who reads the introduction may interrupt the run.
        if (!quiet) progress = startProgress(subject, outputs, process.env);
        const started = performance.now();
        const told = await resultOf(thread, interruption, progress);
        const duration = performance.now() - started;
        const { concludeRun } = await import('./conclude-run.ts');
        const run = { ...told, remarks: [...open.remarks, ...told.remarks], requirements, known, contract };
        return concludeRun({ ...run, description: { ...description, duration } }, options, outputs);
      },
      { write: (text) => progress.write(text) },
    );
  } finally {
    await open.close();
  }
}

async function resultOf(thread: SuiteThread, interruption: string, progress: Progress): Promise<SuiteResult> {
  try {
    // Vitest takes the processors from the run: it is loaded in a pause, or at last where requests take long.
    await Promise.race([thread.begin(interruption), sleep(longestAlone, undefined, { ref: false })]);
    const { runInVitest } = await import('./vitest.ts');
    const [told] = await Promise.all([runInVitest(thread, progress), import('./conclude-run.ts')]);
    return told;
  } finally {
    progress.close();
  }
}

function settingsOf(options: Options, target: Target): RunSettings {
  const { only = [], strict = false, shard: part } = options;
  const { profiles, concurrency, timeout, effectTimeout, rate, readOnly } = target;
  const shard = shardOf(part);
  const limits = { concurrency, timeout, effectTimeout, rate, readOnly };
  return { profiles, only, strict, ...(shard && { shard }), ...limits, options: pickSettings(options) };
}

/**
 * What is generated, from a seed of its own if none is named.
 *
 * @throws InputError if a seed is named, and nothing is to be generated.
 */
function fuzzOf({ fuzz: values, seed }: ConformanceOptions): Fuzz | undefined {
  if (values === undefined && seed !== undefined) {
    throw new InputError(`--seed ${seed} generates nothing by itself: say how many values with --fuzz N.`);
  }
  return values === undefined || values === 0 ? undefined : { values, seed: seed ?? randomInt(2 ** 31) };
}
