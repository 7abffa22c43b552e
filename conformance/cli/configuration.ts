import { existsSync } from 'node:fs';
import { dirname, extname, isAbsolute, relative, resolve } from 'node:path';
import process from 'node:process';
import { isPromise } from 'node:util/types';
import { Worker } from 'node:worker_threads';
import { didYouMean, InputError, readInput } from '../contract/input-error.ts';
import { deepestJson, measureJson } from '../target/body.ts';
import { parseJson } from '../report/report-files.ts';
import { checkValue, describe, isPlainObject, readNotes } from './option-values.ts';
import { optionRows, type NamedOptions, type NamedRow } from './options.ts';
import { parseYaml } from '../contract/yaml-source.ts';

const moduleExtensions = ['.ts', '.mts', '.js', '.mjs'];
const extensions = [...moduleExtensions, '.json', '.yaml', '.yml'];
const fileNames = extensions.map((extension) => `conformance.config${extension}`);

const formatter = new Intl.ListFormat('en', { type: 'disjunction' });

/** The options that a configuration file names, and its path; no path if there is no file. */
export interface Configuration {
  readonly file?: string;
  readonly options: NamedOptions;
}

/**
 * Reads the configuration file that the user named, or the one of the current folder.
 *
 * @param named - The path; false for no file at all.
 * @throws InputError with one line, if it cannot be read or is not valid.
 */
export async function readConfiguration(named: string | false | undefined): Promise<Configuration> {
  const file = named ?? findFile();
  if (file === undefined || file === false) return { options: {} };
  const extension = extname(file);
  if (!extensions.includes(extension)) {
    throw new InputError(`--config: expected a file that ends in ${formatter.format(extensions)}, got ${file}.`);
  }
  const content = readInput(file, `The configuration file ${file}`);
  if (moduleExtensions.includes(extension)) return { file, options: await loadConfigurationModule(file) };
  if (measureJson(content).depth > deepestJson) {
    throw new InputError(`${file} has brackets that are nested more than ${deepestJson} deep: no configuration has.`);
  }
  const configuration = extension === '.json' ? parseJson(content, file) : parseYaml(content, file).data;
  return { file, options: parseConfiguration(configuration, file) };
}

/**
 * Returns the options that a configuration names.
 *
 * @param configuration - The value that the file holds or exports.
 * @param file - The path of the file, which the paths in it are relative to.
 * @throws InputError that names the file and the key, if a value is not valid.
 */
export function parseConfiguration(configuration: unknown, file: string): NamedOptions {
  const named = readMembers(configuration, file, 'top').flatMap(([key, value]): [string, unknown][] => {
    if (key === '$schema') return [];
    if (key !== 'fixture') return [parseMember(key, value, 'top', file)];
    const members = readMembers(value, `${file}, fixture`, 'fixture');
    return members.map(([name, part]) => parseMember(name, part, 'fixture', file));
  });
  return Object.fromEntries(named);
}

/** Returns the keys that a configuration may have at a place, and in one level of it. */
export function readKeys(place: 'top' | 'fixture'): string[] {
  const keys: string[] = optionRows.filter(({ file }) => file === place).map(({ name }) => name);
  return place === 'top' ? [...keys, 'fixture', '$schema'] : keys;
}

/** Returns the reason why a key has no place in a file, if it names something that must not stand there. */
export function refuseKey(key: string): string | undefined {
  const row = optionRows.find(({ name }) => name === key);
  if (row?.file === 'command line') return 'it is for the command line only';
  const variable = row?.file === 'secret' ? row.variable : secretKeys.get(key);
  return variable && `a secret must not stand in a file: set ${variable} in the environment`;
}

/** Keys that people try for secrets which no flag names. */
const secretKeys = new Map([
  ['clientSecret', 'CONFORMANCE_CLIENT_SECRET'],
  ['keyPassphrase', 'CONFORMANCE_KEY_PASSPHRASE'],
]);

/** Returns `: did you mean KEY?` for a key that is not known, if one is near. */
export function suggestKey(key: string, place: 'top' | 'fixture', others: readonly string[] = []): string {
  const fixtureKeys = readKeys('fixture').map((name) => (place === 'top' ? `fixture.${name}` : name));
  const known = place === 'top' ? [...others, ...readKeys('top'), ...fixtureKeys] : fixtureKeys;
  const letters = (name: string) => name.replaceAll(/[^a-z]/gi, '').toLowerCase();
  const same = known.find((name) => letters(name.replace('fixture.', '')) === letters(key));
  const suggested = same === undefined ? didYouMean(key, known) : `: did you mean ${same}?`;
  return place === 'top' ? suggested : suggested.replace('mean ', 'mean fixture.');
}

function readMembers(value: unknown, subject: string, place: 'top' | 'fixture'): [string, unknown][] {
  if (!isPlainObject(value)) {
    const remedy = isPromise(value) ? ': await it' : '';
    throw new InputError(`${subject}: expected an object of options, got ${describe(value)}${remedy}.`);
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  for (const [key] of members) {
    if (readKeys(place).includes(key)) continue;
    const refusal = place === 'top' ? refuseKey(key) : undefined;
    if (refusal !== undefined) throw new InputError(`${subject}, ${key}: ${refusal}.`);
    throw new InputError(`${subject}: unknown key ${key}${suggestKey(key, place) || '.'}`);
  }
  return members;
}

function parseMember(key: string, value: unknown, place: 'top' | 'fixture', file: string): [string, unknown] {
  const row = optionRows.find(({ name }) => name === key) as NamedRow;
  const valid = checkValue(row.value, value, `${file}, ${place === 'top' ? key : `fixture.${key}`}`);
  const { isPath = false, words = [] } = readNotes(row.value);
  if (!isPath || words.includes(String(valid)) || isAbsolute(String(valid))) return [key, valid];
  return [key, relative(process.cwd(), resolve(dirname(file), String(valid))) || '.'];
}

function findFile(): string | undefined {
  const [file, other] = fileNames.filter((name) => existsSync(name));
  if (other === undefined) return file;
  throw new InputError(`${file} and ${other} are both here: keep one of them, or name one with --config.`);
}

/** The options that a configuration module names, or the reason why there are none. */
export type LoadedModule = { readonly options: NamedOptions } | { readonly problem: string };

const limit = 10_000;

/**
 * Loads a configuration module in a new thread, which can be ended whatever the module does.
 *
 * @returns The options that it names.
 *
 * @throws InputError with one line, if it cannot be loaded, takes too long or is not valid.
 */
export async function loadConfigurationModule(file: string): Promise<NamedOptions> {
  const url = new URL('./configuration-worker.ts', import.meta.url);
  // A module in a folder without package.json gives no reason for a warning.
  const execArgv = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
  const worker = new Worker(url, { workerData: file, execArgv });
  try {
    const loaded = await receiveMessage(worker, file);
    if ('problem' in loaded) throw new InputError(loaded.problem);
    return loaded.options;
  } finally {
    await worker.terminate();
  }
}

async function receiveMessage(worker: Worker, file: string): Promise<LoadedModule> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      const fail = (why: string) => resolve({ problem: `${file} cannot be loaded: ${why}` });
      worker.once('message', () => {
        // The worker is there, and loads the module now.
        timer = setTimeout(() => fail(`it is not done after ${limit / 1000} seconds.`), limit);
        worker.once('message', resolve);
      });
      worker.once('error', (error) => fail(String((error as Error).message).split('\n')[0] ?? ''));
      worker.once('exit', () => fail('it ended, or waits for what never comes, before it exported anything.'));
    });
  } finally {
    clearTimeout(timer);
  }
}
