import process from 'node:process';
import type { Contract } from '../contract/contract.ts';
import type { Requirement } from '../contract/requirements.ts';
import { outdatedFailures, type KnownList } from '../report/known.ts';
import { makeReport, type RunDescription, judgeRun } from '../report/report.ts';
import type { Report } from '../report/model.ts';
import { terminalReport } from '../report/formats/terminal.ts';
import { exitCodeAfter } from '../report/verdict.ts';
import { describePlaces } from '../report/describe-run.ts';
import { addToJobSummary, annotateReport } from '../report/formats/github.ts';
import { assertReached } from './reach.ts';
import type { ConformanceOptions, Outputs } from './run-options.ts';
import { writeReportFiles } from '../report/report-files.ts';
import { screenOf } from './screen.ts';
import type { SuiteResult } from './vitest.ts';

/** A run that has come to its end. */
export interface EndedRun extends Omit<SuiteResult, 'duration'> {
  readonly contract: Contract;
  readonly requirements: readonly Requirement[];
  readonly known: KnownList | undefined;
  readonly description: Omit<RunDescription, 'remarks' | 'lines' | 'surface'>;
}

/**
 * Judges a run and writes the reports.
 *
 * @returns The exit code.
 * @throws InputError with one line, if the target was never reached.
 */
export async function concludeRun(
  { contract, requirements, known, description, results, remarks, selfCheck, strayError }: EndedRun,
  { only = [], profile: profiles = ['core'], strict = false, shard, report: folder, ...options }: ConformanceOptions,
  { stdout, stderr }: Outputs,
): Promise<number> {
  assertReached(results);
  const outcome = await judgeRun(requirements, results, {
    profiles,
    strict,
    only,
    isShard: shard !== undefined,
    known,
  });
  const places = describePlaces(contract, outcome, { profiles, hasFiles: folder !== undefined });
  const report = makeReport(outcome, { ...description, ...places, remarks, selfCheck });
  for (const { advice } of outdatedFailures(report.known)) stderr.write(`${advice}\n`);
  for (const line of annotateReport(report, options.annotate, process.env)) stdout.write(`${line}\n`);
  stdout.write(`${terminalReport(report, { screen: screenOf(stdout), quiet: options.quiet ?? false })}\n`);
  const unwritten = folder === undefined ? [] : await write(folder, report);
  const stray = strayError === undefined ? [] : [`Beside the cases, ${strayError} (${whoseError}).`];
  for (const line of [...stray, ...unwritten, ...addToJobSummary(report, process.env)]) stderr.write(`${line}\n`);
  return exitCodeAfter(report.exitCode, [...stray, ...unwritten]);
}

async function write(folder: string, report: Report): Promise<string[]> {
  return writeReportFiles(folder, report);
}

/** Where an error comes from that nobody handled, as far as anybody can tell. */
const whoseError = 'of the module of --calls, or of the suite itself';
