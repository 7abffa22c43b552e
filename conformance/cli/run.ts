import { describePlaces, describeRun } from '../report/describe-run.ts';
import { interruptible } from './process.ts';
import { readKnownFile } from './known-file.ts';
import { prepareRun } from './prepare-run.ts';
import { pickSettings, type Options } from './options.ts';
import { introductionOf } from './progress-lines.ts';
import { silentProgress, startProgress } from './progress.ts';
import { makeReportFolder, writeReportFiles } from '../report/report-files.ts';
import type { Io } from './command-line.ts';
import { runSuite, type SuiteResult } from './vitest.ts';
import type { Contract } from '../contract/contract.ts';
import type { Requirement } from '../contract/requirements.ts';
import { outdatedFailures, type KnownList } from '../report/known.ts';
import { judgeRun, makeReport, type RunDescription } from '../report/report.ts';
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
export async function runConformance(options: Options, io: Io): Promise<number> {
  const { report: folder, quiet = false } = options;
  const known = options.known === undefined ? undefined : readKnownFile(options.known);
  if (folder !== undefined) makeReportFolder(folder);
  const { stdout, stderr } = io;
  const prepared = await prepareRun(options, (remark) => stderr.write(`Warning: ${remark}\n`));
  const { open, suite, cases, input } = prepared;
  const { contract, requirements } = suite;
  try {
    const { fuzz } = input.selection;
    if (fuzz !== undefined && !quiet)
      stdout.write(`Fuzz: ${fuzz.values} values for each constraint, seed ${fuzz.seed}\n`);
    const description = describeRun(pickSettings(options), open, contract);
    const subject = { introduction: introductionOf(description, cases.length), all: cases.length };
    let progress = silentProgress(io);
    const begin = () => (progress = quiet ? progress : startProgress(subject, io, io.env));
    return await interruptible(
      async (signal) => {
        const { duration, ...told } = await runSuite(prepared, { begin, signal });
        const remarks = [...open.remarks, ...told.remarks];
        const run = { ...told, remarks, requirements, known, contract, description: { ...description, duration } };
        return concludeRun(run, options, io);
      },
      { write: (text) => progress.write(text) },
    );
  } finally {
    await open.close();
  }
}

/** A run that has come to its end. */
interface EndedRun extends Omit<SuiteResult, 'duration'> {
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
async function concludeRun(
  { contract, requirements, known, description, results, remarks, selfCheck, strayError }: EndedRun,
  { only = [], exclude = [], profile: profiles = ['core'], strict = false, shard, report: folder, ...options }: Options,
  { stdout, stderr, env }: Io,
): Promise<number> {
  assertReached(results);
  const outcome = await judgeRun(requirements, results, {
    profiles,
    strict,
    only,
    isShard: shard !== undefined || exclude.length > 0,
    known,
  });
  const places = describePlaces(contract, outcome, { profiles, hasFiles: folder !== undefined });
  const report = makeReport(outcome, { ...description, ...places, remarks, selfCheck });
  for (const { advice } of outdatedFailures(report.known)) stderr.write(`${advice}\n`);
  for (const line of annotateReport(report, options.annotate, env)) stdout.write(`${line}\n`);
  stdout.write(`${terminalReport(report, { screen: screenOf(stdout), quiet: options.quiet ?? false })}\n`);
  const unwritten = folder === undefined ? [] : writeReportFiles(folder, report);
  const stray = strayError === undefined ? [] : [`Beside the cases, ${strayError} (${whoseError}).`];
  for (const line of [...stray, ...unwritten, ...addToJobSummary(report, env)]) stderr.write(`${line}\n`);
  return exitCodeAfter(report.exitCode, [...stray, ...unwritten]);
}

/** Where an error comes from that nobody handled, as far as anybody can tell. */
const whoseError = 'of the module of --calls, or of the suite itself';
