import { statSync } from 'node:fs';
import process from 'node:process';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { didYouMean, InputError, readInput } from '../contract/input-error.ts';
import { readConfiguration, type Configuration } from './configuration.ts';
import { parseText, readNotes } from './option-values.ts';
import { defaultOptions, optionRows, type NamedOptions, type Options } from './options.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ReadOptions {
  readonly options: Options;
  /** The configuration file, if there is one. */
  readonly file: string | undefined;
  /** Adds to a complaint about flags where their values come from, unless that is the command line. */
  explain(error: unknown): unknown;
}

/**
 * Reads the options of a run: the command line wins over variables, and variables win over the configuration file.
 *
 * @throws InputError with one line, if a variable or the file is not valid.
 */
export async function readOptions(named: NamedOptions, environment: Environment): Promise<ReadOptions> {
  const variables = readVariables(environment);
  const { config, noConfig = false } = { ...variables, ...named };
  const configuration = await readConfiguration(noConfig && named.config === undefined ? false : config);
  const hasToken = environment.CONFORMANCE_TOKEN !== undefined;
  const options = overlay(overlay(configuration.options, variables, hasToken), named);
  return {
    options: { ...defaultOptions, ...options },
    file: configuration.file,
    explain: (error) => explain(error, named, variables, configuration),
  };
}

/**
 * Adds the variables of the file `.env` in the current folder to the environment, which wins over them.
 *
 * @throws InputError with one line, if it cannot be read, or has a line about an option that sets none.
 */
export function loadVariables(): void {
  // Virtual environments of Python are folders of this name.
  if (statSync('.env', { throwIfNoEntry: false })?.isFile() !== true) return;
  const content = readInput('.env', '.env');
  const variables = parseEnv(content);
  for (const [index, line] of content.split('\n').entries()) {
    const [, name, quote = ''] = /^\s*(?:export\s+)?(CONFORMANCE_\w*)(?:\s*=\s*(["'`]))?/.exec(line) ?? [];
    if (name === undefined) continue;
    const value = variables[name];
    if (value === undefined) throw new InputError(`.env:${index + 1}: expected ${name}=VALUE.`);
    // A value that is quoted comes without its quotation marks.
    if (quote === '' || !value.startsWith(quote)) continue;
    throw new InputError(
      `.env:${index + 1}: ${name} begins with ${quote}, and nothing closes it: add ${quote} at its end.`,
    );
  }
  for (const [name, value] of Object.entries(variables)) process.env[name] ??= value;
}

/** The variables that no option is named after. */
const otherVariables = ['CONFORMANCE_CLIENT_SECRET', 'CONFORMANCE_KEY_PASSPHRASE'];

/**
 * Asserts that no variable is the misspelt one of an option, which would be lost. Others may be there for something else,
 * such as a value of `--header`.
 */
function assertNoneMisspelt(environment: Environment): void {
  const known = [...optionRows.map(({ variable }) => variable), ...otherVariables];
  const letters = (name: string) => name.toUpperCase().replaceAll(/[^A-Z]/g, '');
  for (const name of Object.keys(environment)) {
    if (known.includes(name) || !/^CONFORMANCE_(?!HEADER_)/i.test(name)) continue;
    const same = known.find((other) => letters(other) === letters(name));
    const near = same === undefined ? didYouMean(name, known) : `: did you mean ${same}?`;
    if (near !== '') throw new InputError(`${name} is no variable of an option${near}`);
  }
}

/**
 * Returns the options that variables of the environment name. Lists are separated by white space, or by the ends of lines
 * where their items may have blanks. Secrets are left to what needs them.
 *
 * @throws InputError that names the variable, if one is empty, not valid, or nearly that of an option.
 */
export function readVariables(environment: Environment): NamedOptions {
  assertNoneMisspelt(environment);
  const named = optionRows.flatMap(({ name, variable, value, file }): [string, unknown][] => {
    const typed = environment[variable];
    if (typed === undefined || file === 'secret') return [];
    if (typed.trim() === '') throw new InputError(`${variable} is empty: give it a value, or unset it.`);
    if (!(value instanceof z.ZodArray)) return [[name, parseText(value, typed, variable)]];
    const items = typed.trim().split(readNotes(value).mayHaveBlanks === true ? /\s*\n\s*/ : /\s+/);
    return [[name, items.map((item) => parseText(value, item, variable))]];
  });
  return Object.fromEntries(named);
}

/** Lays options over others. A way to a token replaces the one below it. */
function overlay(below: NamedOptions, above: NamedOptions, hasToken = false): NamedOptions {
  const namesWay = hasToken || [above.token, above.tokenFile, above.clientId].some((way) => way !== undefined);
  if (!namesWay) return { ...below, ...above };
  const { token: _token, tokenFile: _tokenFile, clientId: _clientId, tokenUrl, ...others } = below;
  return { ...others, ...(above.clientId !== undefined && tokenUrl !== undefined && { tokenUrl }), ...above };
}

function explain(
  error: unknown,
  named: NamedOptions,
  variables: NamedOptions,
  { file, options }: Configuration,
): unknown {
  if (!(error instanceof Error)) return error;
  const flags = new Set(error.message.match(/(?<![\w-])--[a-z-]+/g));
  const ofVariables: string[] = [];
  const ofFile: string[] = [];
  for (const { name, flag, variable, file: place } of optionRows) {
    if (!flags.has(flag) || named[name] !== undefined) continue;
    if (variables[name] !== undefined) ofVariables.push(variable);
    else if (options[name] !== undefined) ofFile.push(place === 'fixture' ? `fixture.${name}` : name);
  }
  const sources = [...ofVariables, ...(ofFile.length > 0 ? [`${ofFile.join(', ')} of ${file}`] : [])];
  if (sources.length > 0) error.message += ` (${sources.join(', ')})`;
  return error;
}
