import { join } from 'node:path';
import { Command } from 'commander';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { InputError } from '../contract/input-error.ts';
import { readRequirements } from '../contract/requirements.ts';
import { listSurface } from '../contract/surface.ts';
import { contractLines, describeContract, describeTool } from '../report/describe-run.ts';
import { mergeReports, type MergedRun } from '../report/merge.ts';
import type { Report } from '../report/model.ts';
import { readReport, makeWritableFolder } from '../report/report-files.ts';
import { makeReport, judgeRun } from '../report/report.ts';
import { addOptions, nameCommand, perform, readValues, type Io } from './command-line.ts';
import { optionTable } from './options.ts';
import { publishReport } from './publish-report.ts';

const { report, quiet, annotate } = optionTable;
const table = {
  report,
  quiet,
  annotate,
  noAnnotate: { ...annotate, flags: '--no-annotate', description: 'print none' },
};

/** Merges the reports of shards: `merge DIR… --report DIR`. */
export async function runMerge(argv: readonly string[], io: Io): Promise<number> {
  const command = addOptions(new Command(nameCommand('merge')), table)
    .description('Puts the reports of all shards of a run together, and judges them as one run.')
    .argument('<dir...>', 'report folders of the shards')
    .addHelpText('after', '\nExit codes: those of a run; 2 if the folders are not all shards of one run.');
  return perform(command, argv, io, async () => {
    const { report, ...shown } = readValues(command, table);
    if (report === undefined)
      throw new InputError('merge writes the report of the whole run: say where with --report DIR.');
    return mergeShards(command.args, { ...shown, report }, io);
  });
}

/**
 * Merges the reports in the folders of a run's shards, and publishes that of the whole run.
 *
 * @returns The exit code that one run of all cases would have had.
 * @throws Error with one line, if they are not all the shards of one run, or a folder has no report.
 */
async function mergeShards(
  folders: readonly string[],
  options: Parameters<typeof publishReport>[1] & { readonly report: string },
  io: Io,
): Promise<number> {
  const files = folders.map((name) => join(name, 'report.json'));
  const report = judgeMerged(mergeReports(files.map((file) => ({ file, report: readReport(file) }))));
  makeWritableFolder(options.report);
  return publishReport(report, options, io);
}

function judgeMerged({ results, known, ...run }: MergedRun): Report {
  const contract = readContract();
  const suite = createSuite(contract, readRequirements());
  assertSameToolkit(run, { tool: describeTool(), contract: describeContract(contract) });
  const { profile: profiles, strict, only, exclude } = run.settings;
  const partial = [...only, ...exclude].length > 0;
  const outcome = judgeRun(suite.requirements, results, { profiles, strict, only, partial, known });
  const lines = contractLines(suite.requirements.map(({ at }) => at));
  return makeReport(outcome, { ...run, lines, surface: listSurface(contract, profiles) });
}

/** @throws InputError if the run was judged by other requirements than this toolkit has. */
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
