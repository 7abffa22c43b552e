import { Command, Help, Option } from 'commander';
import { InputError } from '../contract/input-error.ts';
import type { OptionValue } from './option-values.ts';
import { conformanceOptions, description, examples, type ConformanceOption } from './options.ts';

/** The command line of `npm run conformance`, as the table of its options says. */
export function conformanceCommand(): Command {
  const command = new Command('npm run conformance --').argument('[url]').description(description);
  for (const option of conformanceOptions) {
    command.addOption(commandOption(option));
    // What a configuration file turns on, the command line can turn off.
    if (isFlag(option) && option.key !== undefined) command.addOption(negationOf(option));
  }
  return command
    .addHelpOption(new Option('-h, --help', 'print this').helpGroup('Other:'))
    .configureHelp({ helpWidth: 80, formatHelp: closelyFormatted })
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`)
    .addHelpText('after', '\nExit codes: 0 conforming, 1 not conforming, 2 nothing verified, 3 incomplete.');
}

/** What the command line names, without what is left out. */
export function namedOptions(command: Command): Record<string, unknown> {
  const named = Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === 'cli');
  return Object.fromEntries(command.args[0] === undefined ? named : [...named, ['url', command.args[0]]]);
}

/** What holds where nobody names anything. */
export const defaultOptions: Readonly<Record<string, unknown>> = Object.fromEntries(
  conformanceOptions.flatMap((option) => (option.default === undefined ? [] : [[nameOf(option), option.default]])),
);

/** What an option is called among those of a run. */
export function nameOf({ flags }: ConformanceOption): string {
  return new Option(flags).attributeName();
}

/** Without blank lines between the groups of options, so that they fit a screen. */
function closelyFormatted(command: Command, help: Help): string {
  return Help.prototype.formatHelp.call(help, command, help).replaceAll(/\n(?=\n[^\n]+:\n {2}-)/g, '');
}

function commandOption({ group, flags, description, value, default: standard }: ConformanceOption): Option {
  const option = new Option(flags, description).helpGroup(`${group}:`);
  if (standard !== undefined) option.default(standard);
  return isFlag({ flags }) ? option : option.argParser(parserOf(option.long ?? flags, value));
}

function negationOf({ flags, group }: ConformanceOption): Option {
  return new Option(flags.replace('--', '--no-')).helpGroup(`${group}:`).hideHelp();
}

function isFlag({ flags }: Pick<ConformanceOption, 'flags'>): boolean {
  return !flags.includes(' ');
}

function parserOf(flag: string, { expected, fromText, admits, repeatable }: OptionValue) {
  return (text: string, previous: unknown): unknown => {
    const value = fromText(text);
    if (!admits(value)) throw new InputError(`${flag}: expected ${expected}, got ${JSON.stringify(text)}.`);
    return repeatable === true ? [...((previous as unknown[] | undefined) ?? []), value] : value;
  };
}
