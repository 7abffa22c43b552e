import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type YAMLMap } from 'yaml';
import { InputError } from '../contract/input-error.ts';
import type { CaseResult, KnownResult, KnownResults } from './model.ts';
import { reachVerdict, type Outcome, type RequirementResult } from './verdict.ts';

/** A failure that is known, as a list of known failures has it. */
export type KnownFailure = Omit<KnownResult, 'state'>;

/** A list of known failures, and the name of its file. */
export interface KnownList {
  readonly file: string;
  readonly failures: readonly KnownFailure[];
}

/** The facts that, with a run's outcome, decide the state of a known failure. */
export interface KnownCircumstances {
  /** The day of the run in UTC, as YYYY-MM-DD. */
  readonly today: string;
  /** The ids of all requirements and cases that exist, whether they were run or not. */
  readonly ids: ReadonlySet<string>;
  /** The ids of the requirements of which some cases were not run. */
  readonly incomplete: ReadonlySet<string>;
}

/**
 * Returns an outcome in which known failures do not count against the target. A requirement is then known to be broken if
 * known failures cover all that breaks it, and violated otherwise.
 */
export function excuseKnown(outcome: Outcome, list: KnownList, circumstances: KnownCircumstances): Outcome {
  const failures = list.failures.map((failure) => ({ ...failure, state: findState(failure, outcome, circumstances) }));
  const known = { file: list.file, failures };
  const requirements = outcome.requirements.map((result) => excuse(result, outcome.cases, known));
  return { ...outcome, requirements, known, verdict: reachVerdict(requirements, outcome.cases) };
}

function findState(
  { id, until }: KnownFailure,
  outcome: Outcome,
  { today, ids, incomplete }: KnownCircumstances,
): KnownResult['state'] {
  const requirement = outcome.requirements.find((result) => result.requirement.id === id);
  const testCase = outcome.cases.find((result) => result.id === id);
  if (requirement === undefined && testCase === undefined && !isKnownId(id, ids)) return 'unmatched';
  if (until !== undefined && until < today) return 'expired';
  if (testCase !== undefined) return findCaseState(testCase);
  if (requirement !== undefined) return findRequirementState(requirement, outcome.cases, incomplete);
  return 'unreached';
}

/** The ids of generated cases depend on the number of values that a run is asked for. */
function isKnownId(id: string, ids: ReadonlySet<string>): boolean {
  return ids.has(id) || /^fuzz\/.+\/\d+-\d+$/.test(id);
}

function findCaseState({ verdict, checks }: CaseResult): KnownResult['state'] {
  if (verdict === 'unreached' || verdict === 'error' || verdict === 'not applicable') return 'unreached';
  return checks.some(({ outcome }) => outcome === 'violated') ? 'known' : 'passes';
}

/** A requirement passes if every case that proves it was run to its end. */
function findRequirementState(
  result: RequirementResult,
  cases: readonly CaseResult[],
  incomplete: ReadonlySet<string>,
): KnownResult['state'] {
  if (result.outcome === 'excluded') return 'excluded';
  if (result.outcome === 'violated' || result.outcome === 'warned') return 'known';
  const isCut = cases.some(({ id, verdict }) => verdict === 'unreached' && result.cases.includes(id));
  const isProved = result.outcome === 'met' && !isCut && !incomplete.has(result.requirement.id);
  return isProved ? 'passes' : 'unreached';
}

function excuse(result: RequirementResult, cases: readonly CaseResult[], known: KnownResults): RequirementResult {
  if (result.outcome !== 'violated' && result.outcome !== 'warned') return result;
  const { id } = result.requirement;
  const failures = cases
    .filter(({ verdict }) => verdict !== 'unreached')
    .filter(({ checks }) => checks.some((check) => check.requirement === id && check.outcome === 'violated'))
    .map((one) => coveringFailure(known, id, one.id));
  if (failures.some((failure) => failure === undefined)) return result;
  const reasons = [...new Set(failures.map((failure) => failure?.reason))];
  return { ...result, outcome: 'known', reason: reasons.join('; ') };
}

/** Returns the known failure that covers a case which breaks a requirement, if one does. */
export function coveringFailure(
  known: KnownResults | undefined,
  requirement: string,
  testCase: string,
): KnownResult | undefined {
  return known?.failures.find(({ id, state }) => state === 'known' && (id === requirement || id === testCase));
}

/** Returns the failures that have to be deleted from their list, each with a line that says so. */
export function outdatedFailures(known: KnownResults | undefined): (KnownResult & { readonly advice: string })[] {
  return (known?.failures ?? [])
    .filter(({ state }) => state !== 'known' && state !== 'unreached')
    .map((failure) => ({ ...failure, advice: `${known?.file}:${failure.line}: ${advise(failure)}` }));
}

function advise({ id, state, until, line, lastLine }: KnownResult): string {
  const place = line === lastLine ? 'this line' : `lines ${line} to ${lastLine}`;
  if (state === 'passes') return `${id} passes now: delete ${place}`;
  if (state === 'expired') return `${id} was known to fail until ${until}: mend it, or delete ${place}`;
  if (state === 'excluded') return `${id} is excluded and cannot fail: delete ${place}`;
  return `${id} is no case and no requirement: delete ${place}`;
}

const members = ['id', 'reason', 'until'];

/**
 * Reads a list of known failures: YAML, a list of mappings with an id, a reason and perhaps a last day.
 *
 * @throws InputError with one line that names the file, the line and the column of what is not valid.
 */
export function readKnownFile(file: string): KnownList {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`The list of known failures ${file} cannot be read: ${(error as Error).message}`);
  }
  return { file, failures: parseKnownFailures(text, file) };
}

/** Parses a list of known failures. Messages call it `file`. */
export function parseKnownFailures(text: string, file: string): KnownFailure[] {
  const lineCounter = new LineCounter();
  const { contents, errors } = parseDocument<Node, false>(text, { lineCounter, prettyErrors: false });
  const fail = (offset: number, message: string): never => {
    const { line, col } = lineCounter.linePos(Math.min(offset, text.length));
    throw new InputError(`${file}:${line}:${col}: ${message}`);
  };
  const [syntax] = errors;
  if (syntax !== undefined) return fail(syntax.pos[0], `this is not YAML: ${syntax.message.split('\n')[0]}`);
  if (contents === null) return [];
  if (!isSeq(contents)) return fail(readStart(contents), 'expected a list, whose items begin with - id: …');

  const failures: KnownFailure[] = [];
  for (const item of contents.items as Node[]) {
    if (!isMap(item)) return fail(readStart(item), 'expected a mapping with id and reason');
    const problem = findProblem(item, failures);
    if (problem !== undefined) return fail(problem.offset, problem.message);
    const line = lineCounter.linePos(readStart(item)).line;
    const lastLine = lineCounter.linePos(readEnd(text, item)).line;
    const failure = item.toJSON() as Omit<KnownFailure, 'line' | 'lastLine'>;
    failures.push({ ...failure, reason: failure.reason.trim(), line, lastLine });
  }
  return failures;
}

interface Problem {
  readonly offset: number;
  readonly message: string;
}

function findProblem(item: YAMLMap, earlier: readonly KnownFailure[]): Problem | undefined {
  for (const { key, value } of item.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (!members.includes(name)) {
      return { offset: readStart(key as Node), message: `unknown member ${name}: expected ${members.join(', ')}` };
    }
    if (!isScalar(value) || typeof value.value !== 'string' || value.value.trim() === '') {
      return { offset: readStart((value ?? key) as Node), message: `${name} is not a text` };
    }
    const problem = findValueProblem(name, value.value, earlier);
    if (problem !== undefined) return { offset: readStart(value), message: problem };
  }
  const missing = members.slice(0, 2).find((name) => !item.has(name));
  if (missing === undefined) return undefined;
  const why = missing === 'reason' ? ': say why it may fail for now' : ' of a case or a requirement';
  return { offset: readStart(item), message: `${String(item.get('id') ?? 'this item')} has no ${missing}${why}` };
}

function findValueProblem(name: string, value: string, earlier: readonly KnownFailure[]): string | undefined {
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

function readStart(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** Returns the offset of the last character of a node that is not white space. */
function readEnd(text: string, node: Node): number {
  const [start, end] = node.range ?? [0, 0];
  return start + text.slice(start, end).trimEnd().length - 1;
}
