import { isMap, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml';
import { InputError } from '../contract/input-error.ts';

/** The keys that lead to a value. */
export type Path = readonly (string | number)[];

/** A parsed text, and where things stand in it. */
export interface Source {
  readonly data: unknown;
  /** Returns the file, line and column of a value, or of its key. */
  readonly placeOf: (path: Path, ofKey?: 'key') => string;
}

/**
 * Parses a text of YAML. Messages call it `file`.
 *
 * @throws InputError with one line that names the file, and the line and the column as far as they are known.
 */
export function parseYaml(text: string, file: string): Source {
  const lineCounter = new LineCounter();
  const document: Document = parseDocument(text, { lineCounter, prettyErrors: false });
  const showPlace = (offset: number): string => {
    const { line, col } = lineCounter.linePos(Math.min(offset, text.length));
    return `${file}:${line}:${col}`;
  };
  const placeOf: Source['placeOf'] = (path, ofKey) => {
    const parent = document.getIn(path.slice(0, -1), true);
    const key = ofKey && isMap(parent) ? parent.items.find((pair) => String(pair.key) === path.at(-1))?.key : undefined;
    const { range } = (key ?? document.getIn(path, true) ?? {}) as Partial<Node>;
    if (range) return showPlace(range[0]);
    // What an alias stands for is elsewhere.
    return path.length === 0 ? file : placeOf(path.slice(0, -1));
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
    return { data: document.toJS(), placeOf };
  } catch (error) {
    throw new InputError(`${file}: this cannot be read: ${(error as Error).message}.`);
  }
}
