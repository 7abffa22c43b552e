import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isCollection, isNode, LineCounter, parseDocument } from 'yaml';
import type { Constraint } from './constraints.ts';
import type { Contract, Operation } from './contract.ts';
import { isObject, valueAt, type JsonValue } from './json.ts';
import { refusalOf, type Refusal } from './refusal.ts';

/** The register of this repository. */
export const requirementsFile = fileURLToPath(new URL('../../spec/requirements.yaml', import.meta.url));

/** A sentence that a server must or should honour. */
export interface Requirement {
  /** Stable for ever: a group and a name. */
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD';
  readonly profile: string;
  /** The sentence, in our words. */
  readonly says: string;
  /** The section of the page, of the field notes or of an RFC that demands it. */
  readonly source: string;
  /** A JSON pointer to the place in the contract that it is about. */
  readonly at: string;
  /** The schema keywords of that place whose breaking it is about, `*` for all: the derived cases prove it. */
  readonly keywords?: readonly string[];
  /** Why no case can prove it. */
  readonly excluded?: string;
}

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
 * Reads the register.
 *
 * @throws Error with one line that names the file, the line and column, and the row, if it cannot be read or a row is incomplete.
 */
export function readRequirements(file: string = requirementsFile): Requirement[] {
  const { rows, placeOf } = parsedRows(file);
  if (!Array.isArray(rows)) throw new Error(`The register ${file} is no list of requirements.`);
  rows.forEach((row: unknown, index) => {
    const problem = problemOf(row);
    if (problem !== undefined) throw new Error(`The register ${file}:${placeOf(index)}, row ${index + 1}: ${problem}.`);
  });
  return rows as Requirement[];
}

/** What stands in a register's file, and the line and column of each of its rows. */
function parsedRows(file: string): { rows: unknown; placeOf: (index: number) => string } {
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
      placeOf: (index) => place((isNode(items[index]) ? items[index].range?.[0] : undefined) ?? 0),
    };
  } catch (error) {
    throw new Error(`The register ${where} cannot be read: ${(error as Error).message.split('\n')[0]}`, {
      cause: error,
    });
  }
}

function problemOf(row: unknown): string | undefined {
  if (!isObject(row)) return 'is no mapping';
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

/** What is wrong with a register as a whole: ids that occur twice, pointers that lead nowhere. */
export function registerProblems(requirements: readonly Requirement[], contract: Contract): string[] {
  const ids = requirements.map(({ id }) => id);
  return [
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} occurs twice`),
    ...requirements
      .filter(({ at }) => valueAt(contract.document, at) === undefined)
      .map(({ id, at }) => `${id} points to ${at}, where the contract has nothing`),
  ];
}

/**
 * The register, and a requirement for each constraint of a request that the register does not name: what the contract
 * binds to a parameter or property is demanded whether somebody wrote the sentence or not.
 */
export function completeRegister(
  requirements: readonly Requirement[],
  operation: Operation,
  constraints: readonly Constraint[],
): Requirement[] {
  const missing = constraints.flatMap((constraint) => {
    const refusal = refusalOf(operation, constraint);
    const named = requirements.some(({ at, keywords }) => at === constraint.pointer && keywords !== undefined);
    return refusal === undefined || named ? [] : [impliedRequirement(operation, constraint, refusal)];
  });
  return [...requirements, ...missing];
}

/**
 * The requirement that is about a keyword of a constraint.
 *
 * @throws Error if the register has none.
 */
export function requirementFor(requirements: readonly Requirement[], pointer: string, keyword: string): Requirement {
  const rows = requirements.filter(({ at, keywords }) => at === pointer && keywords !== undefined);
  const row =
    rows.find(({ keywords }) => keywords?.includes(keyword)) ?? rows.find(({ keywords }) => keywords?.[0] === '*');
  if (row === undefined)
    throw new Error(`The register has no requirement for ${keyword} at ${pointer}: add a row to it.`);
  return row;
}

function impliedRequirement(operation: Operation, { place, name, pointer }: Constraint, refusal: Refusal): Requirement {
  const code = refusal.code === undefined ? '' : ` and ${refusal.code}`;
  return {
    id: `${place}/${name}`,
    level: 'MUST',
    profile: operation.profile,
    says: `A request whose ${name} is missing or invalid is refused with ${refusal.statuses.join(' or ')}${code}.`,
    source: 'contract',
    at: pointer,
    keywords: ['*'],
  };
}
