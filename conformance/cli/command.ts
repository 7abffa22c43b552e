import { join } from 'node:path';
import process from 'node:process';
import { Command, Help, Option } from 'commander';
import { z } from 'zod';
import { didYouMean, InputError } from '../contract/input-error.ts';
import { compareReports, comparisonMarkdown, comparisonText } from '../report/compare.ts';
import { readReport } from '../report/report-files.ts';
import { addOptions, createOption, nameCommand, perform, printError, readValues, type Io } from './command-line.ts';
import { runMerge } from './merge.ts';
import { runMock } from './mock.ts';
import { openReport } from './open-report.ts';
import { describeTool } from '../report/describe-run.ts';
import { assertOneOf, checkValue, flag } from './option-values.ts';
import { option, optionRows, optionTable, type NamedOptions, type Options } from './options.ts';
import { keepHeapsSmall } from './process.ts';
import { loadVariables, readOptions } from './read-options.ts';
import { runTargetList } from './targets/check-targets.ts';

const examples = (name: string): string[] => [
  name.replace(/ --$/, ''),
  `${name} http://127.0.0.1:8080 --report report`,
  `${name} http://127.0.0.1:8080 --only body --only 'errors/*'`,
  `CONFORMANCE_TOKEN=… ${name} https://pbx.example.com --user 12 \\`,
  "  --extension '0003*210' --call b817d26 --send-to 3235742879 --from '0003*024'",
];

/**
 * Returns the command line of a conformance run.
 *
 * @param name - What the command was called by.
 * @param isHelpForAll - Whether the help shows all options, not only the everyday ones.
 */
export function createRunCommand(name: string, isHelpForAll = false): Command {
  const command = new Command(name)
    .argument('[url]', 'the server')
    .description(`Checks a server; without a URL the mock is started and checked.`)
    .version(describeTool().version, '--version', 'print the version')
    .addHelpOption(new Option('-h, --help', 'print this; with --all, all options').helpGroup('Other:'))
    .configureHelp({
      helpWidth: 80,
      visibleArguments: () => [],
      formatHelp: (shown, help) => formatHelp(shown, help, isHelpForAll),
    })
    .addHelpText('after', '\nSubcommands, each with --help: merge, compare, targets, mock.')
    .addHelpText(
      'after',
      `\nExamples:\n${examples(name)
        .map((line) => `  ${line}`)
        .join('\n')}`,
    )
    .addHelpText('after', '\nExit codes: 0 conforming, 1 not conforming, 2 nothing verified, 3 incomplete.');
  for (const row of optionRows.filter(({ flag }) => flag.startsWith('-'))) {
    command.addOption(createOption(row).helpGroup(`${row.group}:`));
    // The command line can turn off what a configuration file or a variable turns on, and empty a list.
    if ((row.value instanceof z.ZodBoolean || row.value instanceof z.ZodArray) && row.file !== 'command line') {
      command.addOption(new Option(`--no-${row.flag.slice(2)}`, `opposite of ${row.flag}`).hideHelp());
    }
  }
  return command;
}

/**
 * Returns the options that a parsed command line names.
 *
 * @throws InputError if the URL is empty or not one of a server.
 */
export function readNamed(command: Command): NamedOptions {
  const { config, ...named } = Object.fromEntries(
    Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === 'cli'),
  );
  const [url] = command.args;
  return {
    ...(url !== undefined && { url: checkValue(optionTable.url.value, url) as string }),
    ...Object.fromEntries(Object.entries(named).map(([name, value]) => [name, isEmptied(name, value) ? [] : value])),
    ...(config === false ? { noConfig: true } : config !== undefined && { config: config as string }),
  };
}

/** Tells whether a list was emptied, by `--no-other-call` for example. */
function isEmptied(name: string, value: unknown): boolean {
  return value === false && optionTable[name as keyof typeof optionTable].value instanceof z.ZodArray;
}

/** Formats the help without blank lines between the groups of options, so that the everyday ones fit a screen. */
function formatHelp(command: Command, help: Help, isForAll: boolean): string {
  // Hidden here, not in the command: it suggests for a misspelt flag only what its help has.
  const rare = optionRows.filter(({ everyday }) => !isForAll && everyday !== true).map(({ flag }) => flag);
  help.visibleOptions = (shown) =>
    Help.prototype.visibleOptions.call(help, shown).filter(({ long }) => !rare.includes(long ?? ''));
  return Help.prototype.formatHelp.call(help, command, help).replaceAll(/\n(?=\n[^\n]+:\n {2}-)/g, '');
}

/** The subcommands by their names; a command line that begins with none of them runs the suite. */
const subcommands = new Map<string, (argv: readonly string[], io: Io) => Promise<number>>([
  ['merge', runMerge],
  ['compare', runCompare],
  ['targets', runTargetList],
  ['mock', (argv, io) => runMock(argv, io)],
]);

/** @throws InputError if there are several arguments, or the one names a subcommand, or nearly does. */
function assertNoSubcommand(words: readonly string[]): void {
  const [word = '', second] = words;
  if (subcommands.has(word)) throw new InputError(`${word} is a subcommand: write it first, before all options.`);
  const near = /^[a-z]+$/i.test(word) ? didYouMean(word, [...subcommands.keys(), '--help', '--list', '--version']) : '';
  if (near !== '') throw new InputError(`${word} is neither a URL nor a subcommand${near} See --help.`);
  if (second === undefined) return;
  throw new InputError(
    `Too many arguments, ${words.join(' ')}: put quotes around a value with blanks or *. See --help.`,
  );
}

/**
 * Runs the suite, or the subcommand that the command line begins with.
 *
 * @param argv - The words after the command.
 * @returns The exit code.
 */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<number> {
  const [first = '', ...rest] = argv;
  const subcommand = subcommands.get(first);
  if (subcommand !== undefined) return subcommand(rest, io);
  const isHelpForAll = argv.includes('--help') && argv.includes('--all');
  const words = isHelpForAll ? argv.filter((word) => word !== '--all') : argv;
  const command = createRunCommand(nameCommand(), isHelpForAll);
  return perform(command.allowExcessArguments(), words, io, async () => {
    assertNoSubcommand(command.args);
    loadVariables();
    const named = readNamed(command);
    const { options, file, explain } = await readOptions(named, io.env);
    if (file !== undefined && options.quiet !== true && options.json !== true)
      io.stdout.write(`Configuration: ${file}\n`);
    try {
      return await run(options, named, io);
    } catch (error) {
      throw explain(error);
    }
  });
}

async function run(options: Options, named: NamedOptions, io: Io): Promise<number> {
  const { list = false, json = false, open = false, report } = options;
  if (list) {
    const { listOf } = await import('./list.ts');
    io.stdout.write(`${await listOf({ ...options, profile: named.profile })}\n`);
    return 0;
  }
  if (json) throw new InputError('--json prints what --list does: name --list too.');
  if (open && report === undefined) {
    throw new InputError('--open shows the report: say where it is written with --report DIR.');
  }
  // A variable that a job does not have leaves no word; only the script of this repository is there to check the mock.
  const isJob = !['', 'false'].includes(io.env.CI ?? '');
  if (options.url === undefined && isJob && !nameCommand().startsWith('npm run')) {
    throw new InputError(
      'No URL is named, and a job checks a server: name it, by CONFORMANCE_URL for example. The mock has one too: see mock --help.',
    );
  }
  // Not where tests run it.
  if (io.stdout === process.stdout) keepHeapsSmall();
  // Loaded late, so that a fault in the command line is reported at once.
  const { runConformance } = await import('./run.ts');
  const exitCode = await runConformance(options, io);
  const remark = open ? await openReport(join(report ?? '', 'report.html')) : undefined;
  if (remark !== undefined) printError(io.stderr, remark);
  return exitCode;
}

const compareOptions = {
  json: option('--json', flag(), 'print the comparison as JSON'),
  markdown: option('--markdown', flag(), 'print the comparison as Markdown'),
};

/** Compares two reports: `compare BEFORE AFTER`. */
export async function runCompare(argv: readonly string[], io: Io): Promise<number> {
  const command = addOptions(new Command(nameCommand('compare')), compareOptions)
    .description('Tells what broke, what was fixed and what is new between two reports.')
    .argument('<before>', 'report.json of the first run')
    .argument('<after>', 'report.json of the second run')
    .addHelpText('after', '\nExit codes: 0 nothing is worse, 1 something broke or the verdict is worse, 2 bad input.');

  return perform(command, argv, io, async () => {
    const { json, markdown } = readValues(command, compareOptions);
    assertOneOf({ '--json': json, '--markdown': markdown });
    const [before = '', after = ''] = command.args;
    const comparison = compareReports(readReport(before), readReport(after));
    const asText = markdown ? comparisonMarkdown(comparison) : comparisonText(comparison);
    io.stdout.write(`${json ? JSON.stringify(comparison, undefined, 2) : asText}\n`);
    return comparison.isWorse ? 1 : 0;
  });
}
