import { readFileSync } from 'node:fs';
import { isMap, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import { InputError } from '../../contract/input-error.ts';
import { assertAliasesResolve, readMembers, type Members, type Source } from './target-members.ts';

/** A server that is checked, and how. */
export interface ListedTarget {
  /** Unique in its list; its report folder is called so. */
  readonly name: string;
  readonly url: string;
  /** The options of its run, by the names that the command line has for them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The secrets of its run, by the variables in which the command takes them. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** What targets take secrets from. */
type Environment = Readonly<Record<string, string | undefined>>;

/** The members of a target that name variables of the environment, and those in which the command takes their values. */
const secretVariables = {
  tokenVariable: 'CONFORMANCE_TOKEN',
  clientSecretVariable: 'CONFORMANCE_CLIENT_SECRET',
  keyPassphraseVariable: 'CONFORMANCE_KEY_PASSPHRASE',
} as const;

const variableMembers = Object.keys(secretVariables) as (keyof typeof secretVariables)[];

/** The variables in which the command takes secrets. */
export const commandSecrets: readonly string[] = Object.values(secretVariables);

/** The files of the overview, which stand beside the folders of the targets. */
const overviewFiles = ['overview.json', 'index.html'] as const;

/** The name of a file of the overview. */
export type OverviewFile = (typeof overviewFiles)[number];

/**
 * Reads a list of targets: YAML, a list of mappings with a name, a URL and options, or a mapping with such `targets` and
 * the options that they have in `common`.
 *
 * @throws InputError with one line that names the file, the line and the column of what is not as it must be.
 */
export function readTargetList(file: string, environment: Environment): ListedTarget[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`The list of targets ${file} cannot be read: ${(error as Error).message}`);
  }
  return listedTargets(text, file, environment);
}

/** The targets of a text; `file` is what messages call it. */
export function listedTargets(text: string, file: string, environment: Environment): ListedTarget[] {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const placeOf = (offset: number): string => {
    const { line, col } = lineCounter.linePos(Math.min(offset, text.length));
    return `${file}:${line}:${col}`;
  };
  const source: Source = { document, file, placeOf };
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    throw new InputError(`${placeOf(syntax.pos[0])}: this is no YAML: ${syntax.message.split('\n')[0]}`);
  }
  assertAliasesResolve(source);
  const { items, common } = partsOf(source);
  const targets: ListedTarget[] = [];
  for (const item of items) {
    const target = targetOf(item, common, source, environment);
    if (targets.some(({ name }) => name.toLowerCase() === target.name.toLowerCase())) {
      throw new InputError(`${placeOf(item.range?.[0] ?? 0)}: there are two targets ${target.name}: give each a name.`);
    }
    targets.push(target);
  }
  return targets;
}

function partsOf(source: Source): { readonly items: readonly YAMLMap[]; readonly common: Members } {
  const { document, placeOf, file } = source;
  const root = document.contents;
  const nothing: Members = { own: {}, options: {} };
  if (!isMap(root)) return { items: itemsOf(root, source), common: nothing };
  const stranger = root.items.find(({ key }) => !['common', 'targets'].includes(String(key)));
  if (stranger !== undefined) {
    const place = placeOf((stranger.key as Node).range?.[0] ?? 0);
    throw new InputError(
      `${place}: unknown key ${String(stranger.key)}: expected a list of targets, or common and targets.`,
    );
  }
  const common = root.get('common', true) as Node | undefined;
  if (common !== undefined && !isMap(common)) {
    throw new InputError(`${placeOf(common.range?.[0] ?? 0)}: common is no mapping of options.`);
  }
  if (!root.has('targets')) throw new InputError(`${file}: there is no targets: expected a list of them.`);
  return {
    items: itemsOf(root.get('targets', true) as Node | null, source),
    common: common === undefined ? nothing : readMembers(common, variableMembers, source),
  };
}

function itemsOf(list: Node | null | undefined, { file, placeOf }: Source): YAMLMap[] {
  if (!isSeq(list) || list.items.length === 0) {
    const place = list?.range === undefined || list.range === null ? file : placeOf(list.range[0]);
    throw new InputError(`${place}: expected a list of targets, whose items begin with - name: …`);
  }
  return list.items.map((item) => {
    if (isMap(item)) return item;
    throw new InputError(`${placeOf((item as Node).range?.[0] ?? 0)}: expected a mapping with name and url.`);
  });
}

function targetOf(item: YAMLMap, common: Members, source: Source, environment: Environment): ListedTarget {
  const { own, options } = readMembers(item, ['name', ...variableMembers], source);
  const place = source.placeOf(item.range?.[0] ?? 0);
  const name = own.name?.value;
  if (name === undefined) throw new InputError(`${place}: a target without a name: expected name and url.`);
  if (!/^\w[\w.-]{0,99}$/.test(name)) {
    throw new InputError(
      `${own.name?.place}: the name ${JSON.stringify(name)} is to name a folder: expected letters, digits, ., - and _.`,
    );
  }
  if (overviewFiles.some((file) => file === name.toLowerCase())) {
    throw new InputError(`${own.name?.place}: the name ${name} is that of a file of the overview: give another.`);
  }
  if (options.url === undefined)
    throw new InputError(`${place}: target ${name} has no url: expected that of its server.`);
  const { url, ...others } = { ...common.options, ...options };
  return { name, url: String(url), options: others, secrets: secretsOf(name, { ...common.own, ...own }, environment) };
}

/** @throws InputError that names the variable, if one is not set. */
function secretsOf(name: string, own: Members['own'], environment: Environment): Record<string, string> {
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
