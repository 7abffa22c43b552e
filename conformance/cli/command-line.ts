import process from 'node:process';
import { CommanderError, InvalidArgumentError, type Command } from 'commander';
import { closest } from 'fastest-levenshtein';
import { endWithParent } from './parent-process.ts';
import { watchOutput } from './standard-streams.ts';

/**
 * Runs a command line's action and ends the process with its exit code. This is the one place that owns exit codes:
 * whatever is thrown becomes one line on standard error and exit code 2.
 */
export async function runCommand(command: Command, action: () => Promise<number>): Promise<void> {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  endWithParent();
  const output = watchOutput();
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (error: unknown) => process.exit(exitCodeOf(error, command)));
  }
  try {
    command.parse();
    process.exitCode = await action();
  } catch (error) {
    process.exitCode = exitCodeOf(error, command);
    // What was begun, a module of the user's for example, may never end.
    setTimeout(() => process.exit(), 1000).unref();
  }
  output.tell();
}

function exitCodeOf(error: unknown, command: Command): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  process.stderr.write(`${oneLine(error, command)}\n`);
  return 2;
}

function oneLine(error: unknown, command: Command): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(/^error: /, '');
  if (error instanceof CommanderError) return usageProblem(error.code, message, command);
  if (process.env.DEBUG !== undefined && error instanceof Error) return error.stack ?? message;
  return message.split('\n')[0] ?? message;
}

function usageProblem(code: string, message: string, command: Command): string {
  const [, quoted = ''] = /'([^']*)'/.exec(message) ?? [];
  if (code === 'commander.unknownOption') return unknownOption(message, command);
  if (code === 'commander.optionMissingArgument') return `${quoted}: its value is missing. See --help.`;
  if (code !== 'commander.excessArguments') return message;
  return `Too many arguments, ${command.args.join(' ')}: put quotes around a value with blanks or *. See --help.`;
}

function unknownOption(message: string, command: Command): string {
  const typed = /'(--?[^']*)'/.exec(message)?.[1] ?? '';
  const known = command.options.map(({ long, short }) => long ?? short ?? '');
  return `Unknown option ${typed}: did you mean ${closest(typed, ['--help', ...known])}? See --help.`;
}

/** Reads an option's value as a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

/** Collects the values of an option that may be given more than once. */
export function collected(text: string, previous: readonly string[] = []): string[] {
  return [...previous, text];
}
