import { dirname, relative, resolve } from 'node:path';
import process from 'node:process';
import { isPromise } from 'node:util/types';
import { closest } from 'fastest-levenshtein';
import { baseUrlOf } from '../target/target.ts';
import { InputError } from '../contract/input-error.ts';
import { nameOf } from './command.ts';
import type { OptionValue } from './option-values.ts';
import { conformanceOptions, secretsBelong, type ConformanceOption } from './options.ts';

const optionOfKey = new Map(
  conformanceOptions.flatMap((option) => (option.key ? [[option.key, option] as const] : [])),
);

/** Keys that a configuration file must not have, and what it is told. */
const refusedKeys = new Map([
  ...conformanceOptions.flatMap((option) => (option.notInFile ? [[nameOf(option), option.notInFile] as const] : [])),
  ['clientSecret', secretsBelong('CONFORMANCE_CLIENT_SECRET')] as const,
]);

/**
 * The options that a configuration names, as the command line would name them.
 *
 * @param configuration - What the file holds or exports.
 * @param file - Its path.
 * @throws InputError that names the file and the key, if a value is not as it must be.
 */
export function optionsOfConfiguration(configuration: unknown, file: string): Record<string, unknown> {
  const options = membersOf(configuration, file, '').flatMap(([key, value]): [string, unknown][] => {
    if (key === 'url') return [['url', urlOf(value, file)]];
    if (key !== 'fixture') return [optionOf(key, value, file)];
    return membersOf(value, `${file}, fixture`, 'fixture.').map(([member, part]) =>
      optionOf(`fixture.${member}`, part, file),
    );
  });
  return Object.fromEntries(options);
}

function membersOf(value: unknown, subject: string, prefix: string): [string, unknown][] {
  if (!isPlainObject(value)) {
    const remedy = isPromise(value) ? ': await it' : '';
    throw new InputError(`${subject}: expected an object of options, got ${shown(value)}${remedy}.`);
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const unknown = members.find(([key]) => !isKnown(prefix + key));
  if (unknown !== undefined) throw unknownKey(unknown[0], subject, prefix);
  return members;
}

/** Whether a value keeps what it holds in members of its own, as a promise or a Map does not. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isKnown(key: string): boolean {
  return optionOfKey.has(key) || refusedKeys.has(key) || key === 'url' || key === 'fixture';
}

function unknownKey(key: string, subject: string, prefix: string): InputError {
  const known = ['url', ...optionOfKey.keys()];
  const plain = (name: string) => name.replaceAll(/[^a-z]/gi, '').toLowerCase();
  const sameName = known.find((name) => plain(name.replace('fixture.', '')) === plain(key));
  const nearest = sameName ?? closest(prefix + key, known);
  return new InputError(`${subject}: unknown key ${key}: did you mean ${nearest}?`);
}

function optionOf(key: string, value: unknown, file: string): [string, unknown] {
  const refusal = refusedKeys.get(key);
  if (refusal !== undefined) throw new InputError(`${file}, ${key}: ${refusal}.`);
  const option = optionOfKey.get(key) as ConformanceOption;
  return [nameOf(option), valueOf(value, option.value, file, key)];
}

function valueOf(value: unknown, kind: OptionValue, file: string, key: string): unknown {
  const { repeatable, expected } = kind;
  if (repeatable !== true) return singleValue(value, kind, file, key);
  if (Array.isArray(value)) return value.map((one, index) => singleValue(one, kind, file, `${key}[${index}]`));
  throw new InputError(`${file}, ${key}: expected a list, each ${expected}, got ${shown(value)}.`);
}

function singleValue(value: unknown, kind: OptionValue, file: string, key: string): unknown {
  if (!kind.admits(value)) throw new InputError(`${file}, ${key}: expected ${kind.expected}, got ${shown(value)}.`);
  const isPath = kind.path === true && !(kind.standardInput === true && value === '-');
  return isPath ? relative(process.cwd(), resolve(dirname(file), String(value))) || '.' : value;
}

function urlOf(value: unknown, file: string): string {
  if (typeof value !== 'string') throw new InputError(`${file}, url: expected a URL, got ${shown(value)}.`);
  try {
    baseUrlOf(value);
  } catch (error) {
    throw new InputError(`${file}, url: ${(error as Error).message}`);
  }
  return value;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  if (isPromise(value)) return 'a promise';
  if (isPlainObject(value)) return 'an object';
  if (value !== null && typeof value === 'object') return `an object ${kindOf(value)}`;
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : String(value);
}

function kindOf(value: object): string {
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return kind === 'Object' ? 'with a prototype of its own' : `of class ${kind}`;
}
