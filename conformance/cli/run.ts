import process from 'node:process';
import { describePlaces, describeRun } from '../report/describe-run.ts';
import { interruptible } from './process.ts';
import { readKnownFile } from './known-file.ts';
import { prepareRun } from './prepare-run.ts';
import { pickSettings } from './options.ts';
import { introductionOf } from './progress-lines.ts';
import { silentProgress, startProgress } from './progress.ts';
import { makeReportFolder, writeReportFiles } from '../report/report-files.ts';
import type { ConformanceOptions, Outputs } from './run-options.ts';
import { type SuiteResult, runSuite } from './vitest.ts';
import type { Contract } from '../contract/contract.ts';
import type { Requirement } from '../contract/requirements.ts';
import { type KnownList, outdatedFailures } from '../report/known.ts';
import { type RunDescription, judgeRun, makeReport } from '../report/report.ts';
import type { Report } from '../report/model.ts';
import { terminalReport } from '../report/formats/terminal.ts';
import { exitCodeAfter } from '../report/verdict.ts';
import { addToJobSummary, annotateReport } from '../report/formats/github.ts';
import { assertReached } from './reach.ts';
import { screenOf } from './screen.ts';

/**
 * Runs the suite against the target that the options name, and writes the reports.
 *
 * @returns The exit code.
 * @throws Error with one line, if an option, the contract or the target is not as it must be.
 */
export async function runConformance(options: ConformanceOptions, outputs: Outputs): Promise<number> {
  const { report: folder, quiet = false } = options;
  const known = options.known === undefined ? undefined : readKnownFile(options.known);
  if (folder !== undefined) makeReportFolder(folder);
  const { stdout, stderr } = outputs;
  const prepared = await prepareRun(options, (remark) => stderr.write(`Warning: ${remark}\n`));
  const { open, suite, cases, input } = prepared;
  const { contract, requirements } = suite;
  try {
    const { fuzz } = input.selection;
    if (fuzz !== undefined && !quiet)
      stdout.write(`Fuzz: ${fuzz.values} values for each constraint, seed ${fuzz.seed}\n`);
    const description = describeRun(pickSettings(options), open, contract);
    const subject = { introduction: introductionOf(description, cases.length), all: cases.length };
    let progress = silentProgress(outputs);
    const begin = () => (progress = quiet ? progress : startProgress(subject, outputs, process.env));
    return await interruptible(
      async (signal) => {
        const { duration, ...told } = await runSuite(prepared, { begin, signal });
        const remarks = [...open.remarks, ...told.remarks];
        const run = { ...told, remarks, requirements, known, contract, description: { ...description, duration } };
        return concludeRun(run, options, outputs);
      },
      { write: (text) => progress.write(text) },
    );
  } finally {
    await open.close();
  }
}

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
