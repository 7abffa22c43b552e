import process from 'node:process';
import { CommanderError, InvalidArgumentError, type Command } from 'commander';
import { visible, withoutCommand } from '../report/texts.ts';
import { InputError } from '../contract/input-error.ts';
import { endWithParent, hasAbandoned, watchOutput } from './process.ts';

/** The streams and the environment of a command. */
export interface Io {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Options that npm knows, and may have in its environment without anybody having typed them for a script. */
const optionsOfNpm = [
  '--ca',
  '--call',
  '--cert',
  '--help',
  '--json',
  '--key',
  '--only',
  '--quiet',
  '--version',
  '--yes',
];

/**
 * Parses a command line and performs its action. This is the one place that owns exit codes: what is thrown becomes one
 * line on standard error and exit code 2.
 *
 * @param argv - The words after the command.
 * @returns The exit code.
 */
export async function perform(
  command: Command,
  argv: readonly string[],
  io: Io,
  action: () => Promise<number>,
): Promise<number> {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: () => undefined,
  });
  try {
    assertNothingSwallowed(command, argv, io.env);
    command.parse(argv, { from: 'user' });
    return await action();
  } catch (error) {
    return reportError(error, command, io);
  }
}

/** Runs a command line's action and ends the process with its exit code. */
export async function runCommand(command: Command, action: () => Promise<number>): Promise<void> {
  await runProcess((io) => perform(command, process.argv.slice(2), io, action), command);
}

/**
 * Runs what a process is for, and ends it with the exit code that comes of it. What is thrown behind its back becomes one
 * line and exit code 2 too.
 */
export async function runProcess(main: (io: Io) => Promise<number>, command?: Command): Promise<void> {
  endWithParent();
  const output = watchOutput();
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (error: unknown) => process.exit(reportError(error, command, process)));
  }
  process.exitCode = await main(process);
  // What was begun, a module of the user's for example, may never end.
  if (process.exitCode === 2 || hasAbandoned()) setTimeout(() => process.exit(), 1000).unref();
  output.tell();
}

/** Returns what a command was called by: an npm script of this repository, or its name, behind npx or not. */
export function nameCommand(subcommand = '', { env, argv }: Pick<NodeJS.Process, 'env' | 'argv'> = process): string {
  const { npm_lifecycle_event: script } = env;
  const [, file = ''] = argv;
  // The package is JavaScript, and has its own name in whichever script it is started.
  const command = file.endsWith('.ts') ? `npm run ${script ?? 'conformance'} --` : 'transfer-conformance';
  return `${script === 'npx' ? 'npx ' : ''}${command} ${subcommand}`.trim();
}

/** @throws InputError if npm kept an option for itself, since `--` was not typed before it. */
function assertNothingSwallowed({ options }: Command, argv: readonly string[], env: Io['env']): void {
  if (env.npm_lifecycle_event === undefined || env.npm_lifecycle_event === 'npx') return;
  const swallowed = options.flatMap(({ long, negate }) => {
    if (long === undefined || long === null || negate || optionsOfNpm.includes(long)) return [];
    const value = env[`npm_config_${long.slice(2).replaceAll('-', '_')}`];
    if (value === undefined) return [];
    return [value === 'true' ? long : `${long} ${value}`];
  });
  if (swallowed.length === 0) return;
  const line = ['npm run', env.npm_lifecycle_event, '--', ...argv, ...swallowed].join(' ');
  throw new InputError(`npm kept ${swallowed.join(', ')} for itself, and nothing was run: put -- before it: ${line}`);
}

/** Matches controls, formats and separators of lines: letters of all scripts stay. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Prints lines on standard error. A server, a proxy or a module may have written what they quote: it cannot act on a
 * terminal, nor be a command for the runner of a job.
 */
export function printError(stderr: { write(text: string): unknown }, ...lines: readonly string[]): void {
  for (const line of lines) stderr.write(`${withoutCommand(visible(line, unseen))}\n`);
}

function reportError(error: unknown, command: Command | undefined, { stderr, env }: Io): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  printError(stderr, ...describeError(error, command, env).split('\n'));
  return 2;
}

function describeError(error: unknown, command: Command | undefined, env: Io['env']): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(/^error: /, '');
  if (error instanceof CommanderError && command !== undefined) return describeUsage(error.code, message, command);
  if (env.DEBUG !== undefined && error instanceof Error) return error.stack ?? message;
  return message.split('\n')[0] ?? message;
}

function describeUsage(code: string, message: string, command: Command): string {
  const [, quoted = ''] = /'([^']*)'/.exec(message) ?? [];
  if (code === 'commander.unknownOption') {
    const near = /\(Did you mean (?:one of )?([^,?]+)/.exec(message)?.[1];
    return `Unknown option ${quoted}${near === undefined ? '.' : `: did you mean ${near}?`} See --help.`;
  }
  if (code === 'commander.optionMissingArgument') return `${quoted}: its value is missing. See --help.`;
  if (code !== 'commander.excessArguments') return message;
  return `Too many arguments, ${command.args.join(' ')}: put quotes around a value with blanks or *. See --help.`;
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
