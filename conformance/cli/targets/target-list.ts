import { InputError, readInput } from '../../contract/input-error.ts';
import { parseConfiguration, readKeys, suggestKey } from '../configuration.ts';
import { checkValue, isPlainObject, text } from '../option-values.ts';
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

/** The variables that hold secrets; undefined where nothing is sent, so that no secret is needed. */
type Environment = Readonly<Record<string, string | undefined>> | undefined;

/** The keys of a target that name variables of the environment, and the variables of the command for their values. */
const secretVariables: Readonly<Record<string, string>> = {
  tokenVariable: 'CONFORMANCE_TOKEN',
  otherTokenVariable: 'CONFORMANCE_OTHER_TOKEN',
  clientSecretVariable: 'CONFORMANCE_CLIENT_SECRET',
  keyPassphraseVariable: 'CONFORMANCE_KEY_PASSPHRASE',
};

/** The variables from which the command reads secrets. */
export const commandSecrets: readonly string[] = Object.values(secretVariables);

const inVariable = 'a secret must not stand in a file: set a variable of the environment, and name it by';

/** Options of a run that a target of a list cannot have, and why. */
const refused: Readonly<Record<string, string>> = {
  report: 'each target has its own folder below that of --report',
  open: 'the page to open is the overview',
  token: `${inVariable} tokenVariable`,
  otherToken: `${inVariable} otherTokenVariable`,
  clientSecret: `${inVariable} clientSecretVariable`,
  yes: 'it is for the command line only',
};

/** The files of the overview, which stand next to the folders of the targets. */
const overviewFiles = ['overview.json', 'index.html'] as const;

export type OverviewFile = (typeof overviewFiles)[number];

/** The members of a mapping: those of the list itself, with their places, and options of a run. */
interface Members {
  readonly own: ReadonlyMap<string, { readonly value: string; readonly place: string }>;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * Reads a list of targets: YAML, a list of mappings with a name, a URL and options, or a mapping with such `targets` and
 * the options that they have in `common`.
 *
 * @throws InputError with one line that names the file, the line and the column of what is not valid.
 */
export function readTargetList(file: string, environment: Environment): ListedTarget[] {
  return parseTargetList(readInput(file, `The list of targets ${file}`), file, environment);
}

/** Parses a list of targets. Messages call it `file`. */
export function parseTargetList(content: string, file: string, environment: Environment): ListedTarget[] {
  const source = parseYaml(content, file);
  const { data, placeOf } = source;
  const isList = !isPlainObject(data);
  const { common = {}, targets, ...others } = (isList ? { targets: data } : data) as Record<string, unknown>;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) {
    const place = placeOf([stranger], 'key');
    throw new InputError(`${place}: unknown key ${stranger}: expected a list of targets, or common and targets.`);
  }
  if (!isPlainObject(common)) throw new InputError(`${placeOf(['common'])}: expected a mapping of options.`);
  const path = isList ? [] : ['targets'];
  if (!Array.isArray(targets) || targets.length === 0) {
    throw new InputError(`${placeOf(path)}: expected a list of targets, whose items begin with - name: …`);
  }
  const shared = readMembers(common, ['common'], Object.keys(secretVariables), source);
  const read = targets.map((item: unknown, index) => parseTarget(item, [...path, index], shared, source, environment));
  const names = read.map(({ name }) => name.toLowerCase());
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice === -1) return read;
  throw new InputError(
    `${placeOf([...path, twice])}: there are two targets ${read[twice]?.name}: give each a different name.`,
  );
}

function readMembers(mapping: object, path: Path, ownKeys: readonly string[], { placeOf }: Source): Members {
  const own = new Map<string, { value: string; place: string }>();
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(mapping) as [string, unknown][]) {
    const [place, keyPlace] = [placeOf([...path, key]), placeOf([...path, key], 'key')];
    if (Object.hasOwn(refused, key)) throw new InputError(`${keyPlace}, ${key}: ${refused[key]}.`);
    if (ownKeys.includes(key)) own.set(key, { value: String(checkValue(text(), value, `${place}, ${key}`)), place });
    else if (readKeys('top').includes(key)) Object.assign(options, parseConfiguration({ [key]: value }, place));
    else throw new InputError(`${keyPlace}: unknown key ${key}${suggestKey(key, 'top', ownKeys) || '.'}`);
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
  const fail = (where: string | undefined, problem: string): never => {
    throw new InputError(`${where}: ${problem}`);
  };
  if (!isPlainObject(item)) return fail(place, 'expected a mapping with name and url.');
  const { own, options } = readMembers(item, path, ['name', ...Object.keys(secretVariables)], source);
  const { value: name = '', place: namePlace } = own.get('name') ?? {};
  if (name === '') fail(place, 'a target without a name: expected name and url.');
  if (!/^\w[\w.-]{0,99}$/.test(name)) {
    const quoted = JSON.stringify(name);
    fail(namePlace, `the name ${quoted} must also be the name of a folder: expected letters, digits, ., - and _.`);
  }
  if (overviewFiles.some((file) => file === name.toLowerCase()))
    fail(namePlace, `the name ${name} is that of a file of the overview: give another.`);
  const { url, ...others } = { ...common.options, ...options };
  if (options.url === undefined) fail(place, `target ${name} has no url: expected that of its server.`);
  const secrets = Object.entries(secretVariables).flatMap(([key, variable]) => {
    const member = own.get(key) ?? common.own.get(key);
    if (member === undefined || environment === undefined) return [];
    const value = Object.hasOwn(environment, member.value) ? environment[member.value] : undefined;
    if (value) return [[variable, value]];
    return fail(member.place, `the environment has no ${member.value}, which is the ${key} of target ${name}.`);
  });
  return { name, url: String(url), options: others, secrets: Object.fromEntries(secrets) };
}
