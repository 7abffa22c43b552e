import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import type { KnownFailure, KnownList } from '../report/known.ts';
import { InputError } from '../contract/input-error.ts';

const members = ['id', 'reason', 'until'];

/**
 * Reads a list of known failures: YAML, a list of mappings with an id, a reason and, if it is not for ever, a last day.
 *
 * @throws InputError with one line that names the file, the line and the column of what is not as it must be.
 */
export function readKnownFile(file: string): KnownList {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`The list of known failures ${file} cannot be read: ${(error as Error).message}`);
  }
  return { file, failures: knownFailures(text, file) };
}

/** The known failures of a text; `file` is what messages call it. */
export function knownFailures(text: string, file: string): KnownFailure[] {
  const lineCounter = new LineCounter();
  const { contents, errors } = parseDocument<Node, false>(text, { lineCounter, prettyErrors: false });
  const fail = (offset: number, message: string): never => {
    const { line, col } = lineCounter.linePos(Math.min(offset, text.length));
    throw new InputError(`${file}:${line}:${col}: ${message}`);
  };
  const [syntax] = errors;
  if (syntax !== undefined) return fail(syntax.pos[0], `this is no YAML: ${syntax.message.split('\n')[0]}`);
  if (contents === null) return [];
  if (!isSeq(contents)) return fail(startOf(contents), 'expected a list, whose items begin with - id: …');

  const failures: KnownFailure[] = [];
  for (const item of contents.items as Node[]) {
    if (!isMap(item)) return fail(startOf(item), 'expected a mapping with id and reason');
    const problem = problemOf(item, failures);
    if (problem !== undefined) return fail(problem.offset, problem.message);
    const line = lineCounter.linePos(startOf(item)).line;
    const lastLine = lineCounter.linePos(endOf(text, item)).line;
    const failure = item.toJSON() as Omit<KnownFailure, 'line' | 'lastLine'>;
    failures.push({ ...failure, reason: failure.reason.trim(), line, lastLine });
  }
  return failures;
}

interface Problem {
  readonly offset: number;
  readonly message: string;
}

function problemOf(item: YAMLMap, earlier: readonly KnownFailure[]): Problem | undefined {
  for (const { key, value } of item.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!members.includes(name)) {
      return { offset: startOf(key as Node), message: `unknown member ${name}: expected ${members.join(', ')}` };
    }
    if (!isScalar(value) || typeof value.value !== 'string' || value.value.trim() === '') {
      return { offset: startOf((value ?? key) as Node), message: `${name} is no text` };
    }
    const problem = problemOfValue(name, value.value, earlier);
    if (problem !== undefined) return { offset: startOf(value), message: problem };
  }
  const missing = members.slice(0, 2).find((name) => !item.has(name));
  if (missing === undefined) return undefined;
  const why = missing === 'reason' ? ': say why it may fail for now' : ' of a case or a requirement';
  return { offset: startOf(item), message: `${String(item.get('id') ?? 'this item')} has no ${missing}${why}` };
}

function problemOfValue(name: string, value: string, earlier: readonly KnownFailure[]): string | undefined {
  const same = name === 'id' ? earlier.find(({ id }) => id === value) : undefined;
  if (same !== undefined) return `${value} is listed twice: line ${same.line} has it`;
  if (name === 'until' && !isDay(value)) return `until is ${value}: expected a day, as YYYY-MM-DD`;
  return undefined;
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** The last character of a node that is no white space. */
function endOf(text: string, node: Node): number {
  const [start, end] = node.range ?? [0, 0];
  return start + text.slice(start, end).trimEnd().length - 1;
}
