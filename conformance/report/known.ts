import { z } from 'zod';
import { InputError, readInput } from '../contract/input-error.ts';
import { parseYaml, type Path } from '../contract/yaml-source.ts';
import type { CaseResult, KnownResult, KnownResults } from './model.ts';
import { reachVerdict, type Outcome, type RequirementResult } from './verdict.ts';

export type KnownFailure = Omit<KnownResult, 'state'>;

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
  { requirements, cases }: Outcome,
  { today, ids, incomplete }: KnownCircumstances,
): KnownResult['state'] {
  const requirement = requirements.find((result) => result.requirement.id === id);
  const testCase = cases.find((result) => result.id === id);
  // The ids of generated cases depend on the number of values that a run is asked for.
  const exists = ids.has(id) || /^fuzz\/.+\/\d+-\d+$/.test(id);
  if (requirement === undefined && testCase === undefined && !exists) return 'unmatched';
  if (until !== undefined && until < today) return 'expired';
  if (testCase !== undefined) {
    const { verdict, checks } = testCase;
    if (verdict === 'unreached' || verdict === 'error' || verdict === 'not applicable') return 'unreached';
    return checks.some(({ outcome }) => outcome === 'violated') ? 'known' : 'passes';
  }
  if (requirement?.outcome === 'excluded') return 'excluded';
  if (requirement?.outcome === 'violated' || requirement?.outcome === 'warned') return 'known';
  // A requirement passes if every case that proves it was run to its end.
  const isCut = cases.some((result) => result.verdict === 'unreached' && requirement?.cases.includes(result.id));
  return requirement?.outcome === 'met' && !isCut && !incomplete.has(id) ? 'passes' : 'unreached';
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

const text = (missing: string) =>
  z
    .string({ error: ({ input, path }) => (input === undefined ? missing : `${String(path?.at(-1))} is not a text`) })
    .trim()
    .min(1, { error: ({ path }) => `${String(path?.at(-1))} is not a text` });

const entrySchema = z.strictObject(
  {
    id: text('an item has no id of a case or a requirement'),
    reason: text('an item has no reason: say why it may fail for now'),
    until: z.iso.date({ error: ({ input }) => `until is ${String(input)}: expected a day, as YYYY-MM-DD` }).optional(),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown member ${issue.keys[0]}: expected id, reason, until`
        : 'expected a mapping with id and reason',
  },
);
const listSchema = z.array(entrySchema, 'expected a list, whose items begin with - id: …');

/**
 * Reads a list of known failures: YAML, a list of mappings with an id, a reason and perhaps a last day.
 *
 * @throws InputError with one line that names the file, the line and the column of what is not valid.
 */
export function readKnownFile(file: string): KnownList {
  return { file, failures: parseKnownFailures(readInput(file, `The list of known failures ${file}`), file) };
}

/** Parses a list of known failures. Messages call it `file`. */
export function parseKnownFailures(text: string, file: string): KnownFailure[] {
  const { data, placeOf, findLines } = parseYaml(text, file);
  const { data: entries, error } = listSchema.safeParse(data ?? []);
  const issues = error?.issues ?? [];
  // A name that is misspelt is why another one is missing.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue !== undefined) {
    const path = issue.path as Path;
    const place = issue.code === 'unrecognized_keys' ? placeOf([...path, issue.keys[0] ?? ''], 'key') : placeOf(path);
    throw new InputError(`${place}: ${issue.message}`);
  }
  const failures = (entries ?? []).map((entry, index) => {
    return { ...entry, ...(findLines([index]) ?? { line: 1, lastLine: 1 }) };
  });
  failures.forEach(({ id }, index) => {
    const same = failures.slice(0, index).find((earlier) => earlier.id === id);
    if (same === undefined) return;
    throw new InputError(`${placeOf([index, 'id'])}: ${id} is listed twice: line ${same.line} has it`);
  });
  return failures;
}
