import { Command } from 'commander';
import { compareReports, comparisonMarkdown, comparisonText } from '../report/compare.ts';
import { nameCommand, perform, type Io } from './command-line.ts';
import { InputError } from '../contract/input-error.ts';
import { readReport } from '../report/report-files.ts';

/** Compares two reports: `compare BEFORE AFTER`. */
export async function runCompare(argv: readonly string[], io: Io): Promise<number> {
  const command = new Command(nameCommand('compare'))
    .argument('<before>', 'the report.json of the first run')
    .argument('<after>', 'the report.json of the second run')
    .option('--json', 'print the comparison as JSON')
    .option('--markdown', 'print the comparison as Markdown')
    .addHelpText('after', '\nExit codes: 0 nothing is worse, 1 something broke or the verdict is worse, 2 bad input.');

  return perform(command, argv, io, async () => {
    const { json = false, markdown = false } = command.opts<{ json?: boolean; markdown?: boolean }>();
    if (json && markdown) throw new InputError('--json and --markdown exclude each other: name one of them.');
    const [before = '', after = ''] = command.args;
    const comparison = compareReports(readReport(before), readReport(after));
    const asText = markdown ? comparisonMarkdown(comparison) : comparisonText(comparison);
    io.stdout.write(`${json ? JSON.stringify(comparison, undefined, 2) : asText}\n`);
    return comparison.isWorse ? 1 : 0;
  });
}
