import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isCollection, isNode, LineCounter, parseDocument } from 'yaml';
import { isObject, type JsonValue } from './json.ts';
import type { Requirement } from './requirements.ts';

/** The register of this repository. */
const registerFile = fileURLToPath(new URL('../../spec/requirements.yaml', import.meta.url));

const members: Record<keyof Requirement, 'string' | 'strings' | 'optional string'> = {
  id: 'string',
  level: 'string',
  profile: 'string',
  says: 'string',
  source: 'string',
  at: 'string',
  keywords: 'strings',
  excluded: 'optional string',
};

/**
 * Reads the register that is written by hand.
 *
 * @throws Error with one line that names the file, the line and column, and the row, if it cannot be read or a row is incomplete.
 */
export function readRegister(file: string = registerFile): Requirement[] {
  const { rows, locateRow } = parseRows(file);
  if (!Array.isArray(rows)) throw new Error(`The register ${file} is not a list of requirements.`);
  rows.forEach((row: unknown, index) => {
    const problem = findProblem(row);
    if (problem !== undefined)
      throw new Error(`The register ${file}:${locateRow(index)}, row ${index + 1}: ${problem}.`);
  });
  return rows as Requirement[];
}

/** Parses a register's file. Returns its rows, and a function for the line and column of each. */
function parseRows(file: string): { rows: unknown; locateRow: (index: number) => string } {
  const lineCounter = new LineCounter();
  const place = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${line}:${col}`;
  };
  let where = file;
  try {
    const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter, prettyErrors: false });
    const [broken] = document.errors;
    if (broken !== undefined) {
      where = `${file}:${place(broken.pos[0])}`;
      throw broken;
    }
    const items = isCollection(document.contents) ? document.contents.items : [];
    return {
      rows: document.toJS(),
      locateRow: (index) => place((isNode(items[index]) ? items[index].range?.[0] : undefined) ?? 0),
    };
  } catch (error) {
    throw new Error(`The register ${where} cannot be read: ${(error as Error).message.split('\n')[0]}`, {
      cause: error,
    });
  }
}

function findProblem(row: unknown): string | undefined {
  if (!isObject(row)) return 'is not a mapping';
  for (const [name, kind] of Object.entries(members)) {
    const value: JsonValue | undefined = row[name];
    if (value === undefined && kind !== 'string') continue;
    if (kind === 'strings' ? !Array.isArray(value) : typeof value !== 'string') return `has no proper ${name}`;
  }
  const unknown = Object.keys(row).find((name) => !Object.hasOwn(members, name));
  if (unknown !== undefined) return `has the unknown member ${unknown}`;
  if (row.level !== 'MUST' && row.level !== 'SHOULD') return `has the level ${String(row.level)}, not MUST or SHOULD`;
  return undefined;
}
