import { readFileSync } from 'node:fs';
import { InputError } from '../../contract/input-error.ts';
import { parseConfiguration, readKeys, suggestKey } from '../configuration.ts';
import { isPlainObject } from '../option-values.ts';
import { parseYaml, type Path, type Source } from '../../contract/yaml-source.ts';

/** A server to check, and the options of its run. */
export interface ListedTarget {
  /** Unique in its list, and the name of its report folder. */
  readonly name: string;
  readonly url: string;
  /** The options of its run, by their names in the table of options. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The secrets of its run, by the variables from which the command reads them. */
  readonly secrets: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The members of a target that name variables of the environment, and the variables of the command for their values. */
const secretVariables = {
  tokenVariable: 'CONFORMANCE_TOKEN',
  otherTokenVariable: 'CONFORMANCE_OTHER_TOKEN',
  clientSecretVariable: 'CONFORMANCE_CLIENT_SECRET',
  keyPassphraseVariable: 'CONFORMANCE_KEY_PASSPHRASE',
} as const;

type VariableMember = keyof typeof secretVariables;

const variableMembers = Object.keys(secretVariables) as VariableMember[];

/** The variables from which the command reads secrets. */
export const commandSecrets: readonly string[] = Object.values(secretVariables);

/** Options of a run that a target of a list cannot have, and why. */
const refused: Readonly<Record<string, string>> = {
  report: 'each target has its own folder below that of --report',
  open: 'the page to open is the overview',
  token: 'a secret must not stand in a file: set a variable of the environment, and name it by tokenVariable',
  otherToken: 'a secret must not stand in a file: set a variable of the environment, and name it by otherTokenVariable',
  clientSecret:
    'a secret must not stand in a file: set a variable of the environment, and name it by clientSecretVariable',
  yes: 'it is for the command line only',
};

/** The files of the overview, which stand next to the folders of the targets. */
const overviewFiles = ['overview.json', 'index.html'] as const;

/** The name of a file of the overview. */
export type OverviewFile = (typeof overviewFiles)[number];

/** The members of a mapping: those of the list itself, and options of a run. */
interface Members {
  readonly own: Readonly<Partial<Record<VariableMember | 'name', { readonly value: string; readonly place: string }>>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Reads a list of targets: YAML, a list of mappings with a name, a URL and options, or a mapping with such `targets` and
 * the options that they have in `common`.
 *
 * @throws InputError with one line that names the file, the line and the column of what is not valid.
 */
export function readTargetList(file: string, environment: Environment): ListedTarget[] {
  try {
    return parseTargetList(readFileSync(file, 'utf8'), file, environment);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`The list of targets ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Parses a list of targets. Messages call it `file`. */
export function parseTargetList(text: string, file: string, environment: Environment): ListedTarget[] {
  const source = parseYaml(text, file);
  const { data, placeOf } = source;
  const isList = !isPlainObject(data);
  const { common = {}, targets } = (isList ? { targets: data } : data) as { common?: unknown; targets?: unknown };
  const stranger = isList ? undefined : Object.keys(data).find((key) => !['common', 'targets'].includes(key));
  if (stranger !== undefined) {
    const place = placeOf([stranger], 'key');
    throw new InputError(`${place}: unknown key ${stranger}: expected a list of targets, or common and targets.`);
  }
  if (!isPlainObject(common)) throw new InputError(`${placeOf(['common'])}: expected a mapping of options.`);
  const path = isList ? [] : ['targets'];
  if (!Array.isArray(targets) || targets.length === 0) {
    throw new InputError(`${placeOf(path)}: expected a list of targets, whose items begin with - name: …`);
  }
  const shared = readMembers(common, ['common'], variableMembers, source);
  const read = targets.map((item: unknown, index) => parseTarget(item, [...path, index], shared, source, environment));
  const names = read.map(({ name }) => name.toLowerCase());
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice === -1) return read;
  throw new InputError(
    `${placeOf([...path, twice])}: there are two targets ${read[twice]?.name}: give each a different name.`,
  );
}

function readMembers(
  mapping: object,
  path: Path,
  ownKeys: readonly (VariableMember | 'name')[],
  { placeOf }: Source,
): Members {
  const own: Record<string, { value: string; place: string }> = {};
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(mapping) as [string, unknown][]) {
    const [place, keyPlace] = [placeOf([...path, key]), placeOf([...path, key], 'key')];
    if (Object.hasOwn(refused, key)) throw new InputError(`${keyPlace}, ${key}: ${refused[key]}.`);
    if (![...ownKeys, ...readKeys('top')].includes(key)) {
      throw new InputError(`${keyPlace}: unknown key ${key}${suggestKey(key, 'top', ownKeys) || '.'}`);
    }
    if (ownKeys.some((name) => name === key)) {
      if (typeof value !== 'string' || value === '') {
        throw new InputError(`${place}, ${key}: expected a text that is not empty; put quotes around a number.`);
      }
      own[key] = { value, place };
    } else if (key === 'fixture' && isPlainObject(value)) {
      for (const [name, part] of Object.entries(value)) {
        const member = { fixture: { [name]: part as unknown } };
        Object.assign(options, parseConfiguration(member, placeOf([...path, key, name], 'key')));
      }
    } else Object.assign(options, parseConfiguration({ [key]: value }, place));
  }
  return { own, options };
}

function parseTarget(
  item: unknown,
  path: Path,
  common: Members,
  source: Source,
  environment: Environment,
): ListedTarget {
  const place = source.placeOf(path);
  if (!isPlainObject(item)) throw new InputError(`${place}: expected a mapping with name and url.`);
  const { own, options } = readMembers(item, path, ['name', ...variableMembers], source);
  if (own.name === undefined) throw new InputError(`${place}: a target without a name: expected name and url.`);
  const { value: name, place: namePlace } = own.name;
  if (!/^\w[\w.-]{0,99}$/.test(name)) {
    throw new InputError(
      `${namePlace}: the name ${JSON.stringify(name)} must also be the name of a folder: expected letters, digits, ., - and _.`,
    );
  }
  if (overviewFiles.some((file) => file === name.toLowerCase())) {
    throw new InputError(`${namePlace}: the name ${name} is that of a file of the overview: give another.`);
  }
  if (options.url === undefined) {
    throw new InputError(`${place}: target ${name} has no url: expected that of its server.`);
  }
  const { url, ...others } = { ...common.options, ...options };
  return {
    name,
    url: String(url),
    options: others,
    secrets: readSecrets(name, { ...common.own, ...own }, environment),
  };
}

/** @throws InputError that names the variable, if one is not set. */
function readSecrets(name: string, own: Members['own'], environment: Environment): Record<string, string> {
  const secrets = variableMembers.flatMap((member): [string, string][] => {
    const named = own[member];
    if (named === undefined) return [];
    const value = environment[named.value];
    if (typeof value === 'string' && value !== '') return [[secretVariables[member], value]];
    throw new InputError(
      `${named.place}: the environment has no ${named.value}, which is the ${member} of target ${name}.`,
    );
  });
  return Object.fromEntries(secrets);
}
