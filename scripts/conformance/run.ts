import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Case } from '../../conformance/cases/case.ts';
import { selectedCases } from '../../conformance/cases/cases.ts';
import type { Fuzz, FuzzCase } from '../../conformance/cases/fuzz.ts';
import { casesOfShard } from '../../conformance/cases/shard.ts';
import { suiteOf, type Suite } from '../../conformance/cases/suite.ts';
import { contractFile, readContract } from '../../conformance/contract/contract.ts';
import { readRequirements } from '../../conformance/contract/requirements.ts';
import { outdatedLines } from '../../conformance/report/known-failures.ts';
import { reportOf, type Report } from '../../conformance/report/report.ts';
import { terminalReport } from '../../conformance/report/terminal.ts';
import { exitCodes } from '../../conformance/report/verdict.ts';
import { loadCallSource } from '../../conformance/target/call-source.ts';
import type { Target } from '../../conformance/target/target.ts';
import { InputError } from '../command-line.ts';
import { assertWanted } from './consent.ts';
import { describePlaces, describeRun } from './describe-run.ts';
import { assertFixtureFits } from './fixture-patterns.ts';
import { addToJobSummary, annotationsOf } from './github.ts';
import { judgeRun } from './judge-run.ts';
import { readKnownFile } from './known-file.ts';
import { interruptible } from './interruption.ts';
import { assertPatternsMatch } from './only.ts';
import { introductionOf } from './progress-lines.ts';
import { silentProgress, startProgress } from './progress.ts';
import { assertReached } from './reach.ts';
import { makeReportFolder, writeReportFiles } from './report-files.ts';
import type { ConformanceOptions } from './run-options.ts';
import { assertShardable, assertShardHasCases, shardOf } from './shard.ts';
import { screenOf } from './screen.ts';
import { openTarget } from './target.ts';
import { undertakingOf } from './undertaking.ts';

/** Where a run tells what it does and found. */
export interface Outputs {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Runs the suite against the target that the options name, and writes the reports.
 *
 * @returns The exit code.
 * @throws Error with one line, if an option, the contract or the target is not as it must be.
 */
export async function runConformance(options: ConformanceOptions, outputs: Outputs): Promise<number> {
  const { only = [], profile: profiles = ['core'], strict = false, report: folder, calls, selfCheck = false } = options;
  const { quiet = false, yes = false } = options;
  const contract = readContract();
  const requirements = readRequirements();
  const suite = suiteOf(contract, requirements);
  const known = options.known === undefined ? undefined : readKnownFile(options.known);
  if (folder !== undefined) makeReportFolder(folder);
  const source = calls === undefined ? undefined : await callSourceUrl(calls);
  const fuzz = fuzzOf(options);
  const shard = shardOf(options.shard);
  assertShardable(options);
  const open = await openTarget(options, contract);
  for (const remark of open.remarks) outputs.stderr.write(`Warning: ${remark}\n`);
  try {
    assertFixtureFits(suite, open.target.fixture);
    const selection = { profiles, only, fuzz, shard };
    const all = await selectedCases(suite, open.target.fixture, { ...selection, shard: undefined });
    assertPatternsMatch(only, { suite, profiles, cases: all });
    assertShardHasCases(shard, all);
    const cases = casesOfShard(all, shard);
    if (fuzz !== undefined && !quiet)
      outputs.stdout.write(`Fuzz: ${fuzz.values} values for each constraint, seed ${fuzz.seed}\n`);
    await assertHarmless(suite, cases, open.target, { calls: source, yes });
    const description = describeRun(options, open, contract);
    const started = performance.now();
    const documents = { contract: contractFile, requirements };
    const input = { target: open.target, ...documents, selection, calls: source, selfCheck };
    // Loaded as late as possible: what is wrong with the command line is told at once.
    const { runInVitest } = await import('./vitest.ts');
    const subject = { introduction: introductionOf(description, cases.length), all: cases.length };
    const progress = quiet ? silentProgress(outputs) : startProgress(subject, outputs, process.env);
    return await interruptible(async (interruption) => {
      const { results, ...told } = await runInVitest({ ...input, interruption }, progress).finally(progress.close);
      assertReached(results);
      const remarks = [...open.remarks, ...told.remarks];
      const outcome = judgeRun(suite, results, { profiles, strict, only, isShard: shard !== undefined, known });
      const duration = performance.now() - started;
      const places = describePlaces(contract, outcome, { profiles, hasFiles: folder !== undefined });
      const report = reportOf(outcome, { ...description, ...places, ...told, remarks, duration });
      for (const line of outdatedLines(report.known)) outputs.stderr.write(`${line}\n`);
      for (const line of annotationsOf(report, options.annotate, process.env)) outputs.stdout.write(`${line}\n`);
      outputs.stdout.write(`${terminalReport(report, { screen: screenOf(outputs.stdout), quiet })}\n`);
      const unwritten = folder === undefined ? [] : writeReportFiles(folder, report);
      for (const line of [...unwritten, ...addToJobSummary(report, process.env)]) outputs.stderr.write(`${line}\n`);
      return exitCodeOf(report, unwritten);
    }, progress);
  } finally {
    await open.close();
  }
}

/** On a live system nothing is transferred unless somebody wants it. */
async function assertHarmless(
  suite: Suite,
  cases: readonly (Case | FuzzCase)[],
  target: Target,
  { calls, yes }: { readonly calls: string | undefined; readonly yes: boolean },
): Promise<void> {
  if (target.loopback) return;
  const source = calls === undefined ? undefined : await loadCallSource(calls);
  const undertaking = undertakingOf(suite, cases, target, source);
  if (undertaking !== undefined) await assertWanted(undertaking, yes);
}

/** A verdict is worth more than a file: without one, a run is as if nothing was verified only where all was well. */
function exitCodeOf({ exitCode }: Report, unwritten: readonly string[]): number {
  return exitCode === 0 && unwritten.length > 0 ? exitCodes['nothing verified'] : exitCode;
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

/** The URL of a module, which was seen to export a call source. */
async function callSourceUrl(path: string): Promise<string> {
  const { href } = pathToFileURL(resolve(path));
  await loadCallSource(href);
  return href;
}
