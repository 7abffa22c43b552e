import process from 'node:process';
import { CommanderError, Option, type Command } from 'commander';
import { z } from 'zod';
import { quote } from '../report/reproduce.ts';
import { visible, withoutCommand } from '../report/texts.ts';
import { InputError } from '../contract/input-error.ts';
import { parseText } from './option-values.ts';
import { endWithParent, watchOutput } from './process.ts';

/** The streams and the environment of a command. */
export interface Io {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Options that npm knows, and may have in its environment though they were not typed for a script. */
const optionsOfNpm = ['--ca', '--cert', '--help', '--key', '--only', '--quiet', '--version', '--yes'];

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
    assertNothingLost(command, argv);
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
  const isUnprinted = watchOutput();
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (error: unknown) => process.exit(reportError(error, command, process)));
  }
  const exitCode = await main(process);
  const finalCode = () => (exitCode === 0 && isUnprinted() ? 2 : exitCode);
  process.exitCode = finalCode();
  // What was begun, a module of the user's for example, may never end, or set another exit code.
  const { stdout } = process;
  const exit = () => process.exit(finalCode());
  const leave = () => (stdout.writableLength === 0 ? exit() : stdout.once('drain', exit));
  setTimeout(leave, 50).unref();
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
function assertNothingSwallowed(command: Command, argv: readonly string[], env: Io['env']): void {
  if (env.npm_lifecycle_event === undefined || env.npm_lifecycle_event === 'npx') return;
  const flags = command.options.flatMap(({ long }) => long?.replace('--no-', '--') ?? []);
  const kept: string[] = [];
  // npm takes these for flags, and passes their values on as words.
  const parted: string[] = [];
  for (const flag of new Set(flags).difference(new Set(optionsOfNpm))) {
    const value = env[`npm_config_${flag.slice(2).replaceAll('-', '_')}`];
    const isParted = value === 'true' && command.options.some(({ long, required }) => long === flag && required);
    if (isParted) parted.push(flag);
    else if (value === '') kept.push(flag.replace('--', '--no-'));
    else if (value !== undefined) kept.push(value === 'true' ? flag : `${flag} ${quoteWord(value)}`);
  }
  if (kept.length + parted.length === 0) return;
  const { urls = [], others = [] } = Object.groupBy(argv.map(quoteWord), (word) => {
    return word.includes('://') ? 'urls' : 'others';
  });
  // A user's script may have added words, and several values cannot be told apart.
  const isClear =
    command.name().startsWith('npm run') && (parted.length === 0 || (parted.length === 1 && others.length === 1));
  const line = isClear
    ? [command.name(), ...urls, ...kept, ...parted, ...others].join(' ')
    : `npm run ${env.npm_lifecycle_event} -- …`;
  const flagsKept = [...kept, ...parted].join(', ');
  throw new InputError(`npm kept ${flagsKept} for itself, and nothing was run: put -- before it: ${line}`);
}

/** Quotes a word for a shell, unless every shell takes it as it is. */
function quoteWord(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) ? word : quote(word);
}

/** An option as a table has it: one of a run, or of a subcommand. */
export interface OptionShape {
  readonly value: z.ZodType;
  /** The flag with a placeholder for its value. */
  readonly flags: string;
  readonly description: string;
  readonly default?: unknown;
}

/** The values of a table of options: undefined where an option without default was left out. */
export type OptionValues<Table extends Readonly<Record<string, OptionShape>>> = {
  readonly [Name in keyof Table]:
    z.infer<Table[Name]['value']> | (Table[Name] extends { readonly default: unknown } ? never : undefined);
};

/** The options that have one value, which may not be given twice. */
const single = new WeakSet<Option>();

/** Makes an option of a row. Its value is checked, and its default is shown by the help. */
export function createOption({ flags, value, description, default: standard }: OptionShape): Option {
  const suffix = standard === undefined || standard === true ? '' : ` (default: ${[standard].flat().join(' ')})`;
  const option = new Option(flags, `${description}${suffix}`);
  const isList = value instanceof z.ZodArray;
  if (!isList) single.add(option);
  if (value instanceof z.ZodBoolean) return option;
  return option.argParser((typed: string, previous: unknown) => {
    const parsed = parseText(value, typed, option.long ?? flags);
    return isList ? [...((previous as unknown[] | undefined) ?? []), parsed] : parsed;
  });
}

export function addOptions(command: Command, table: Readonly<Record<string, OptionShape>>): Command {
  for (const row of Object.values(table)) command.addOption(createOption(row));
  return command;
}

export function readValues<Table extends Readonly<Record<string, OptionShape>>>(
  command: Command,
  table: Table,
): OptionValues<Table> {
  const defaults = Object.entries(table).map(([name, row]) => [name, row.default]);
  return { ...Object.fromEntries(defaults), ...command.opts() } as OptionValues<Table>;
}

/** @throws InputError if one option stands where the value of another was forgotten, or an option contradicts another. */
function assertNothingLost({ options }: Command, argv: readonly string[]): void {
  const find = (word: string) => options.find(({ long }) => long === word.split('=')[0]);
  const seen = new Map<string, { readonly flag: string; readonly value: string | undefined }>();
  const end = argv.indexOf('--');
  const words = argv.slice(0, end === -1 ? undefined : end);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const option = find(word);
    if (option === undefined) continue;
    const takesValue = option.required || option.optional;
    const [flag = '', ...rest] = word.split('=');
    if (!takesValue && rest.length > 0) {
      const opposite = options.find(({ long, negate }) => negate && long === `--no-${flag.slice(2)}`)?.long;
      const remedy = opposite === undefined ? '' : `, or write ${opposite} for its opposite`;
      throw new InputError(`${flag} takes no value: leave out =${rest.join('=')}${remedy}.`);
    }
    const [next] = words;
    if (takesValue && rest.length === 0 && next !== undefined && find(next) !== undefined) {
      throw new InputError(`${flag}: its value is missing, ${next} is an option; write ${flag}=${next} if it is none.`);
    }
    const value = !takesValue ? undefined : rest.length > 0 ? rest.join('=') : words.shift();
    const earlier = seen.get(option.attributeName());
    seen.set(option.attributeName(), { flag, value });
    if (earlier === undefined) continue;
    if (earlier.flag !== flag)
      throw new InputError(`${earlier.flag} and ${flag} exclude each other: name one of them.`);
    // Not repeated, since it may be a secret.
    if (single.has(option) && earlier.value !== value)
      throw new InputError(`${flag} has two values: name one of them.`);
  }
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
  if (code === 'commander.missingArgument') return `The argument ${quoted} is missing. See --help.`;
  if (code === 'commander.missingMandatoryOptionValue') return `${quoted} is missing. See --help.`;
  if (code !== 'commander.excessArguments') return message;
  return `Too many arguments, ${command.args.join(' ')}: put quotes around a value with blanks or *. See --help.`;
}
