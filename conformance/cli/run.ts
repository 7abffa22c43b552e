import { join } from 'node:path';
import { isPartial } from '../cases/select.ts';
import type { Contract } from '../contract/contract.ts';
import { InputError } from '../contract/input-error.ts';
import type { Requirement } from '../contract/requirements.ts';
import { describeContract, describePlaces, describeTool } from '../report/describe-run.ts';
import { readKnownFile, type KnownList } from '../report/known.ts';
import { makeReportFolder, readReport } from '../report/report-files.ts';
import { judgeRun, makeReport, type RunDescription } from '../report/report.ts';
import type { CaseResult } from '../run/result.ts';
import { unreachable } from '../run/traffic.ts';
import { printError, type Io } from './command-line.ts';
import { assertOneOf } from './option-values.ts';
import { pickSettings, type Options } from './options.ts';
import { prepareRun } from './prepare-run.ts';
import { interruptible } from './process.ts';
import { introductionOf, silentProgress, startProgress } from './progress.ts';
import { publishReport } from './publish-report.ts';
import { runSuite, type SuiteResult } from './vitest.ts';

/**
 * Runs the suite against the target that the options name, and writes the reports.
 *
 * @returns The exit code.
 * @throws Error with one line, if an option, the contract or the target is not as it must be.
 */
export async function runConformance(given: Options, io: Io): Promise<number> {
  const options = given.lastFailed === true ? { ...given, only: readFailed(given) } : given;
  const { report: folder, quiet = false } = options;
  const known = options.known === undefined ? undefined : readKnownFile(options.known);
  if (folder !== undefined) makeReportFolder(folder);
  const prepared = await prepareRun(options, (remark) => printError(io.stderr, `Warning: ${remark}`));
  const { open, suite, cases, input } = prepared;
  const { contract, requirements } = suite;
  try {
    const { fuzz = 0, seed } = input.options;
    if (fuzz > 0 && !quiet) io.stdout.write(`Fuzz: ${fuzz} values for each constraint, seed ${seed}\n`);
    const description = {
      tool: describeTool(),
      contract: describeContract(contract),
      target: { name: open.name, origin: new URL(open.target.baseUrl).origin },
      settings: pickSettings(options),
      startedAt: Date.now(),
    };
    const subject = { introduction: introductionOf(description, cases.length), all: cases.length };
    let progress = silentProgress(io);
    return await interruptible(
      async (signal, beginReporting) => {
        const begin = () => {
          beginReporting();
          return (progress = quiet ? progress : startProgress(subject, io, io.env));
        };
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

/** @throws InputError if there is no report, or no case failed in it. */
function readFailed({ only, report }: Options): string[] {
  if (report === undefined)
    throw new InputError('--last-failed reads the last report: say where it is with --report DIR.');
  assertOneOf({ '--last-failed': true, '--only': only });
  const file = join(report, 'report.json');
  const failed = readReport(file).cases.filter(({ verdict }) => verdict === 'fail' || verdict === 'error');
  if (failed.length === 0)
    throw new InputError(`--last-failed: no case failed in ${file}, so there is nothing to run.`);
  return failed.map(({ id }) => id);
}

interface EndedRun extends Omit<SuiteResult, 'duration'> {
  readonly contract: Contract;
  readonly requirements: readonly Requirement[];
  readonly known: KnownList | undefined;
  readonly description: Omit<RunDescription, 'remarks' | 'lines' | 'coverage'>;
}

/**
 * Judges a run and writes the reports.
 *
 * @returns The exit code.
 * @throws InputError with one line, if the target was never reached.
 */
async function concludeRun(
  { contract, requirements, known, description, results, remarks, selfCheck, strayError }: EndedRun,
  options: Options,
  io: Io,
): Promise<number> {
  assertReached(results);
  const { profile: profiles, strict, only } = pickSettings(options);
  const outcome = judgeRun(requirements, results, { profiles, strict, only, partial: isPartial(options), known });
  const places = describePlaces(contract, outcome, { profiles, hasFiles: options.report !== undefined });
  const report = makeReport(outcome, { ...description, ...places, remarks, selfCheck });
  const stray = strayError === undefined ? [] : [`Besides the cases, ${strayError} (${strayOrigin}).`];
  return publishReport(report, options, io, stray);
}

const strayOrigin = 'of the module of --calls, or of the suite itself';

/**
 * Asserts that a target answered anything at all: a proxy may refuse only what is sent through it, and a server ask for
 * a client's certificate only when it is sent something.
 *
 * @throws InputError that says why the target was never reached.
 */
export function assertReached(results: readonly Pick<CaseResult, 'answers' | 'reason'>[]): void {
  if (results.some(({ answers }) => answers.length > 0)) return;
  const reason = results.find((result) => result.reason?.startsWith(unreachable))?.reason;
  if (reason !== undefined) throw new InputError(`Nothing was verified: ${reason.replace(' any more', '')}.`);
}
