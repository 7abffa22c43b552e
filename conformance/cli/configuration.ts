import { existsSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import process from 'node:process';
import { printParseErrorCode, visit } from 'jsonc-parser';
import { InputError } from '../contract/input-error.ts';
import { nameOf } from './command.ts';
import { optionsOfModule } from './configuration-module.ts';
import { optionsOfConfiguration } from './configuration-options.ts';
import { conformanceOptions } from './options.ts';

const moduleExtensions = ['.ts', '.mts', '.js', '.mjs'];
const fileNames = [...moduleExtensions, '.json'].map((extension) => `conformance.config${extension}`);

/** The options that a configuration file names, and its path; no path if there is no file. */
export interface Configuration {
  readonly file?: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Reads the configuration file that the command line names, or the one of the current folder.
 *
 * @param named - What `--config` names; false for none at all.
 * @throws InputError with one line, if it cannot be read, or holds what it must not.
 */
export async function readConfiguration(named: string | false | undefined): Promise<Configuration> {
  const file = named === undefined ? fileOfFolder() : named;
  if (file === undefined || file === false) return { options: {} };
  return { file, options: await optionsOfFile(file) };
}

/**
 * What the command line names, and what the configuration file names beside. Whichever way to a token the command line
 * or the environment names takes the place of that of the file.
 */
export function mergedOptions(
  named: Readonly<Record<string, unknown>>,
  { options }: Configuration,
): Record<string, unknown> {
  const ways = [named.token, named.tokenFile, named.clientId, process.env.CONFORMANCE_TOKEN];
  if (ways.every((way) => way === undefined)) return { ...options, ...named };
  const { clientId: _clientId, tokenFile: _tokenFile, tokenUrl, ...others } = options;
  return { ...others, ...(named.clientId === undefined ? {} : { tokenUrl }), ...named };
}

/** Adds to a complaint about flags where their values come from, if that is the configuration file. */
export function withSource(
  error: unknown,
  named: Readonly<Record<string, unknown>>,
  { file, options }: Configuration,
): unknown {
  if (!(error instanceof Error) || file === undefined) return error;
  const flags = new Set(error.message.match(/(?<![\w-])--[a-z-]+/g));
  const keys = conformanceOptions.flatMap((option) => {
    const name = nameOf(option);
    const isOfFile = options[name] !== undefined && named[name] === undefined;
    return isOfFile && flags.has(option.flags.split(' ')[0] ?? '') ? (option.key ?? []) : [];
  });
  if (keys.length > 0) error.message += ` (${keys.join(', ')} of ${file})`;
  return error;
}

function fileOfFolder(): string | undefined {
  const [file, other] = fileNames.filter((name) => existsSync(name));
  if (other === undefined) return file;
  throw new InputError(`${file} and ${other} are both here: keep one of them, or name one with --config.`);
}

async function optionsOfFile(file: string): Promise<Record<string, unknown>> {
  const extension = extname(file);
  if (![...moduleExtensions, '.json'].includes(extension)) {
    throw new InputError(
      `--config: expected a file that ends in ${moduleExtensions.join(', ')} or .json, got ${file}.`,
    );
  }
  const content = readText(file);
  return extension === '.json' ? optionsOfConfiguration(jsonOf(content, file), file) : optionsOfModule(file);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new InputError(`The configuration file ${file} cannot be read: ${(error as Error).message}`);
  }
}

function jsonOf(content: string, file: string): unknown {
  const options = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };
  const problems: string[] = [];
  visit(
    content,
    {
      onError: (code, _offset, _length, line, column) => {
        const why = printParseErrorCode(code).replaceAll(/(?<=.)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
        problems.push(`${file}, line ${line + 1}, column ${column + 1}: ${why}: this is no JSON.`);
      },
    },
    options,
  );
  if (problems[0] !== undefined) throw new InputError(problems[0]);
  return JSON.parse(content) as unknown;
}
