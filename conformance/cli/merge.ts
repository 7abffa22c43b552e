import { join } from 'node:path';
import { Command } from 'commander';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { listSurface } from '../contract/surface.ts';
import { outdatedFailures } from '../report/known.ts';
import { mergeReports, type MergedRun } from '../report/merge.ts';
import { makeReport, judgeRun } from '../report/report.ts';
import type { Report } from '../report/model.ts';
import { terminalReport } from '../report/formats/terminal.ts';
import { exitCodeAfter } from '../report/verdict.ts';
import { InputError } from '../contract/input-error.ts';
import { readReport } from '../report/report-files.ts';
import { contractLines, describeContract, describeTool } from '../report/describe-run.ts';
import { addToJobSummary, annotateReport } from '../report/formats/github.ts';
import { writeReportFiles, makeWritableFolder } from '../report/report-files.ts';
import { screenOf } from './screen.ts';

import { nameCommand, perform, type Io } from './command-line.ts';

/** Merges the reports of shards: `merge DIR… --report DIR`. */
export async function runMerge(argv: readonly string[], io: Io): Promise<number> {
  const command = new Command(nameCommand('merge'))
    .description('Puts the reports of all shards of a run together, and judges them as one run.')
    .argument('<dir...>', 'the report folders of the shards')
    .requiredOption('--report <dir>', 'write the reports of the whole run into this folder')
    .option('--quiet', 'print only what is wrong and the verdict')
    .option('--annotate', 'print annotations of GitHub Actions (default: only within it)')
    .option('--no-annotate', 'print none')
    .addHelpText('after', '\nExit codes: those of a run; 2 if the folders are not all shards of one run.');
  return perform(command, argv, io, async () => {
    const { report, quiet = false, annotate } = command.opts<{ report: string; quiet?: boolean; annotate: boolean }>();
    const isNamed = command.getOptionValueSource('annotate') === 'cli';
    return mergeShards(command.args, { report, quiet, annotate: isNamed ? annotate : undefined }, io);
  });
}

/** How a merged report is told. */
interface MergeOptions {
  /** The folder that the reports are written into. */
  readonly report: string;
  readonly quiet: boolean;
  /** Whether findings become annotations of GitHub Actions; if undefined, where they are run by it. */
  readonly annotate: boolean | undefined;
}

/**
 * Merges the reports in the folders of a run's shards, and writes those of the whole run.
 *
 * @returns The exit code that one run of all cases would have had.
 * @throws Error with one line, if they are not all the shards of one run, or a folder has no report.
 */
async function mergeShards(
  folders: readonly string[],
  { report: folder, quiet, annotate }: MergeOptions,
  { stdout, stderr, env }: Io,
): Promise<number> {
  const files = folders.map((name) => join(name, 'report.json'));
  const report = await judged(mergeReports(files.map((file) => ({ file, report: readReport(file) }))));
  makeWritableFolder(folder);
  for (const { advice } of outdatedFailures(report.known)) stderr.write(`${advice}\n`);
  for (const line of annotateReport(report, annotate, env)) stdout.write(`${line}\n`);
  stdout.write(`${terminalReport(report, { screen: screenOf(stdout), quiet })}\n`);
  const unwritten = writeReportFiles(folder, report);
  for (const line of [...unwritten, ...addToJobSummary(report, env)]) stderr.write(`${line}\n`);
  return exitCodeAfter(report.exitCode, unwritten);
}

async function judged({ results, known, ...run }: MergedRun): Promise<Report> {
  const contract = readContract();
  const suite = createSuite(contract, readRequirements());
  assertSameToolkit(run, { tool: describeTool(), contract: describeContract(contract) });
  const outcome = await judgeRun(suite.requirements, results, {
    ...run.settings,
    profiles: run.settings.profile,
    known,
  });
  const lines = contractLines(suite.requirements.map(({ at }) => at));
  return makeReport(outcome, { ...run, lines, surface: listSurface(contract, run.settings.profile) });
}

/** The requirements that cases are judged by are this toolkit's, and must be those that the run had. */
function assertSameToolkit(run: Pick<Report, 'tool' | 'contract'>, own: Pick<Report, 'tool' | 'contract'>): void {
  if (run.tool.version !== own.tool.version) {
    throw new InputError(
      `The shards were run by version ${run.tool.version}: merge them with it, not ${own.tool.version}.`,
    );
  }
  if (run.contract.sha256 !== own.contract.sha256) {
    throw new InputError('The shards were held against another contract than is here: merge them where they were run.');
  }
}
