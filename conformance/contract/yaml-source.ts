import { isMap, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml';
import { InputError } from './input-error.ts';

/** The keys that lead to a value. */
export type Path = readonly (string | number)[];

/** A parsed text, and where things stand in it. */
export interface Source {
  readonly data: unknown;
  /** Returns the file, line and column of a value, or of its key. */
  readonly placeOf: (path: Path, ofKey?: 'key') => string;
  /** Returns the first line of a value, which is that of its key, and its last line; undefined if it is not there. */
  readonly findLines: (path: Path) => { readonly line: number; readonly lastLine: number } | undefined;
}

/**
 * Parses a text of YAML. Messages call it `file`.
 *
 * @throws InputError with one line that names the file, and the line and the column as far as they are known.
 */
export function parseYaml(text: string, file: string): Source {
  const lineCounter = new LineCounter();
  const document: Document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true });
  const showPlace = (offset: number): string => {
    const { line, col } = lineCounter.linePos(Math.min(offset, text.length));
    return `${file}:${line}:${col}`;
  };
  const findKey = (path: Path): unknown => {
    const parent = document.getIn(path.slice(0, -1), true);
    return isMap(parent) ? parent.items.find((pair) => String(pair.key) === path.at(-1))?.key : undefined;
  };
  const placeOf: Source['placeOf'] = (path, ofKey) => {
    const { range } = ((ofKey && findKey(path)) ?? document.getIn(path, true) ?? {}) as Partial<Node>;
    if (range) return showPlace(range[0]);
    // What an alias stands for is elsewhere.
    return path.length === 0 ? file : placeOf(path.slice(0, -1));
  };
  const findLines: Source['findLines'] = (path) => {
    const { range } = (document.getIn(path, true) ?? {}) as Partial<Node>;
    if (!range) return undefined;
    const [first] = (findKey(path) as Partial<Node> | undefined)?.range ?? range;
    const last = range[0] + text.slice(range[0], range[1]).trimEnd().length - 1;
    return { line: lineCounter.linePos(first).line, lastLine: lineCounter.linePos(Math.max(last, first)).line };
  };
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    throw new InputError(`${showPlace(syntax.pos[0])}: this is not YAML: ${syntax.message.split('\n')[0]}`);
  }
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const { source: name, range } = alias;
      throw new InputError(
        `${showPlace(range?.[0] ?? 0)}: the alias *${name} stands for nothing: set &${name} before it.`,
      );
    },
  });
  try {
    return { data: document.toJS(), placeOf, findLines };
  } catch (error) {
    throw new InputError(`${file}: this cannot be read: ${(error as Error).message}.`);
  }
}
