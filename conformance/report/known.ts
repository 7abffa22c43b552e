import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InputError } from '../contract/input-error.ts';
import { isObject } from '../contract/json.ts';
import { parseYaml, type Source } from '../contract/yaml-source.ts';
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

const members = ['id', 'reason', 'until'] as const;

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
  const source = parseYaml(text, file);
  const items: unknown = source.data ?? [];
  if (!Array.isArray(items)) {
    throw new InputError(`${source.placeOf([])}: expected a list, whose items begin with - id: …`);
  }
  const failures: KnownFailure[] = [];
  items.forEach((item: unknown, index) => failures.push(parseFailure(item, index, source, failures)));
  return failures;
}

function parseFailure(
  item: unknown,
  index: number,
  { placeOf, findLines }: Source,
  earlier: readonly KnownFailure[],
): KnownFailure {
  if (!isObject(item)) throw new InputError(`${placeOf([index])}: expected a mapping with id and reason`);
  for (const [name, value] of Object.entries(item)) {
    if (!members.some((member) => member === name)) {
      throw new InputError(`${placeOf([index, name], 'key')}: unknown member ${name}: expected ${members.join(', ')}`);
    }
    const problem = findProblem(name, value, earlier);
    if (problem !== undefined) throw new InputError(`${placeOf([index, name])}: ${problem}`);
  }
  const { id = 'this item', reason, until } = item as Partial<Record<(typeof members)[number], string>>;
  if (item['id'] === undefined) throw new InputError(`${placeOf([index])}: ${id} has no id of a case or a requirement`);
  if (reason === undefined) {
    throw new InputError(`${placeOf([index])}: ${id} has no reason: say why it may fail for now`);
  }
  const { line, lastLine } = findLines([index]) ?? { line: 1, lastLine: 1 };
  return { id, reason: reason.trim(), ...(until !== undefined && { until }), line, lastLine };
}

function findProblem(name: string, value: unknown, earlier: readonly KnownFailure[]): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return `${name} is not a text`;
  const same = name === 'id' ? earlier.find(({ id }) => id === value) : undefined;
  if (same !== undefined) return `${value} is listed twice: line ${same.line} has it`;
  const isDay = name !== 'until' || z.iso.date().safeParse(value).success;
  return isDay ? undefined : `until is ${value}: expected a day, as YYYY-MM-DD`;
}
