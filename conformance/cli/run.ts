import process from 'node:process';
import { describeRun } from '../report/describe-run.ts';
import { concludeRun } from './conclude-run.ts';
import { interruptible } from './interruption.ts';
import { readKnownFile } from './known-file.ts';
import { prepareRun } from './prepare-run.ts';
import { pickSettings } from './options.ts';
import { introductionOf } from './progress-lines.ts';
import { silentProgress, startProgress } from './progress.ts';
import { makeReportFolder } from '../report/report-files.ts';
import type { ConformanceOptions, Outputs } from './run-options.ts';
import { runSuite } from './vitest.ts';

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
