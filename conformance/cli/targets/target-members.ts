import { isAlias, isMap, isScalar, visit, type Document, type Node, type YAMLMap } from 'yaml';
import { InputError } from '../../contract/input-error.ts';
import { parseConfiguration, readKeys, suggestKey } from '../configuration.ts';

/** A text that was parsed, and where things stand in it. */
export interface Source {
  readonly document: Document;
  readonly file: string;
  /** The file, the line and the column of an offset. */
  placeOf(offset: number): string;
}

/** What a mapping holds. */
export interface Members {
  /** The members that are no options of a run, with their places. */
  readonly own: Readonly<Record<string, { readonly value: string; readonly place: string }>>;
  /** The others, by the names that the command line has for them. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Options of a run that a target of a list has not, and why. */
const refused: Readonly<Record<string, string>> = {
  report: 'each target has its own folder below that of --report',
  open: 'the page to open is the overview',
  token: 'a secret must not stand in a file: set a variable of the environment, and name it by tokenVariable',
  clientSecret:
    'a secret must not stand in a file: set a variable of the environment, and name it by clientSecretVariable',
  yes: 'it is for the command line only',
};

/** @throws InputError with the place of the first alias that stands for nothing. */
export function assertAliasesResolve(source: Source): void {
  const { document } = source;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const name = alias.source;
      throw new InputError(`${placeOf(alias, source)}: the alias *${name} stands for nothing: set &${name} before it.`);
    },
  });
}

/**
 * Reads the members of a mapping.
 *
 * @param ownKeys - The keys that are no options of a run.
 * @throws InputError with one line that names the place of what is not as it must be.
 */
export function readMembers(map: YAMLMap, ownKeys: readonly string[], source: Source): Members {
  const own: Record<string, { value: string; place: string }> = {};
  const options: Record<string, unknown> = {};
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const node = resolved(value as Node | null, source);
    const place = placeOf(node ?? (key as Node), source);
    assertKnown(name, ownKeys, placeOf(key as Node, source));
    if (ownKeys.includes(name)) own[name] = { value: textOf(node, name, place), place };
    else if (name === 'fixture' && isMap(node)) Object.assign(options, fixtureOptions(node, source));
    else Object.assign(options, parseConfiguration({ [name]: valueOf(node, source) }, place));
  }
  return { own, options };
}

function fixtureOptions(map: YAMLMap, source: Source): Record<string, unknown> {
  const parts = map.items.map(({ key, value }) => {
    const member = { [String(key)]: valueOf(resolved(value as Node | null, source), source) };
    return parseConfiguration({ fixture: member }, placeOf(key as Node, source));
  });
  return Object.assign({}, ...parts) as Record<string, unknown>;
}

function assertKnown(name: string, ownKeys: readonly string[], place: string): void {
  if (Object.hasOwn(refused, name)) throw new InputError(`${place}, ${name}: ${refused[name]}.`);
  if ([...ownKeys, ...readKeys('top')].includes(name)) return;
  throw new InputError(`${place}: unknown key ${name}${suggestKey(name, 'top', ownKeys) || '.'}`);
}

function resolved(node: Node | null, { document }: Source): Node | undefined {
  return (isAlias(node) ? node.resolve(document) : node) ?? undefined;
}

function valueOf(node: Node | undefined, source: Source): unknown {
  if (node === undefined) return null;
  try {
    return node.toJS(source.document) as unknown;
  } catch (error) {
    throw new InputError(`${placeOf(node, source)}: this cannot be read: ${(error as Error).message}.`);
  }
}

function textOf(node: Node | undefined, name: string, place: string): string {
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new InputError(`${place}, ${name}: expected a text that is not empty; put quotes around a number.`);
}

function placeOf(node: Node, { placeOf: place }: Source): string {
  return place(node.range?.[0] ?? 0);
}
