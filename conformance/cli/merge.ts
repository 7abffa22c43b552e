import { join } from 'node:path';
import { Command } from 'commander';
import { selectCases } from '../cases/select.ts';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { InputError } from '../contract/input-error.ts';
import { readRequirements } from '../contract/requirements.ts';
import { describeContract, describePlaces, describeTool } from '../report/describe-run.ts';
import { mergeReports, type ShardReport } from '../report/merge.ts';
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
    const { report: folder, ...shown } = readValues(command, table);
    if (folder === undefined)
      throw new InputError('merge writes the report of the whole run: say where with --report DIR.');
    const files = command.args.map((name) => join(name, 'report.json'));
    const report = judgeMerged(files.map((file) => ({ file, report: readReport(file) })));
    makeWritableFolder(folder);
    return publishReport(report, { ...shown, report: folder }, io);
  });
}

/**
 * Judges the shards of a run as one run.
 *
 * @throws InputError with one line, if they are not all the shards of one run, or were not run by this toolkit.
 */
function judgeMerged(shards: readonly ShardReport[]): Report {
  const contract = readContract();
  const suite = createSuite(contract, readRequirements());
  for (const { report } of shards) assertSameToolkit(report, describeContract(contract).sha256);
  const { results, known, ...run } = mergeReports(shards, ({ profile: profiles, ...selection }) =>
    selectCases(suite, {}, { ...selection, profiles, shard: undefined }),
  );
  const { profile: profiles, strict, only, exclude } = run.settings;
  const partial = [...only, ...exclude].length > 0;
  const outcome = judgeRun(suite.requirements, results, { profiles, strict, only, partial, known });
  const places = describePlaces(contract, outcome, { profiles, hasFiles: true });
  return makeReport(outcome, { ...run, ...places });
}

/** @throws InputError if a shard was judged by other requirements than this toolkit has. */
function assertSameToolkit({ tool, contract }: Report, sha256: string): void {
  const { version } = describeTool();
  if (tool.version !== version) {
    throw new InputError(`The shards were run by version ${tool.version}: merge them with it, not ${version}.`);
  }
  if (contract.sha256 !== sha256) {
    throw new InputError('The shards were held against another contract than is here: merge them where they were run.');
  }
}
