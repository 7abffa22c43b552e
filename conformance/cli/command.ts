import { Command, Help, Option } from 'commander';
import { z } from 'zod';
import { checkValue, parseText } from './option-values.ts';
import { optionRows, optionTable, type NamedOptions, type NamedRow } from './options.ts';

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
    command.addOption(createOption(row));
    // The command line can turn off what a configuration file or a variable turns on.
    if (isFlag(row) && row.file !== 'command line') {
      command.addOption(new Option(row.flags.replace('--', '--no-'), `opposite of ${row.flags}`).hideHelp());
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
    ...(url !== undefined && { url: checkValue(optionTable.url.value, url, 'The URL') as string }),
    ...named,
    ...(config === false ? { noConfig: true } : config !== undefined && { config: config as string }),
  };
}

/** Formats the help without blank lines between the groups of options, so that the everyday ones fit a screen. */
function formatHelp(command: Command, help: Help, isForAll: boolean): string {
  // Hidden here, not in the command: it suggests for a misspelt flag only what its help has.
  const rare = optionRows.filter(({ everyday }) => !isForAll && everyday !== true).map(({ flag }) => flag);
  help.visibleOptions = (shown) =>
    Help.prototype.visibleOptions.call(help, shown).filter(({ long }) => !rare.includes(long ?? ''));
  return Help.prototype.formatHelp.call(help, command, help).replaceAll(/\n(?=\n[^\n]+:\n {2}-)/g, '');
}

function createOption(row: NamedRow): Option {
  const { flags, flag, value, default: standard, group } = row;
  const suffix = standard === undefined ? '' : ` (default: ${[standard].flat().join(' ')})`;
  const option = new Option(flags, `${row.description}${suffix}`).helpGroup(`${group}:`);
  if (isFlag(row)) return option;
  return option.argParser((typed: string, previous: unknown) => {
    const parsed = parseText(value, typed, flag);
    return value instanceof z.ZodArray ? [...((previous as unknown[] | undefined) ?? []), parsed] : parsed;
  });
}

function isFlag({ value }: NamedRow): boolean {
  return value instanceof z.ZodBoolean;
}
