import type { CaseResult } from '../run/result.ts';
import { knownFailureOf, type KnownFailure, type KnownList } from './known-failures.ts';
import type { KnownResults, KnownState } from './known-failures.ts';
import { verdictOf, type Outcome, type RequirementResult } from './verdict.ts';

/** What a list of known failures is held against, beside a run's outcome. */
export interface KnownCircumstances {
  /** The day of the run in UTC, as YYYY-MM-DD. */
  readonly today: string;
  /** The ids of all requirements and cases that there are, whether the run was asked for them or not. */
  readonly ids: ReadonlySet<string>;
  /** The ids of the requirements of which not all cases were run. */
  readonly incomplete: ReadonlySet<string>;
}

/**
 * An outcome in which what is known to fail is not held against the target: a requirement is then known to be broken if
 * all that breaks it is known, and violated otherwise.
 */
export function withKnown(outcome: Outcome, list: KnownList, circumstances: KnownCircumstances): Outcome {
  const failures = list.failures.map((failure) => ({ ...failure, state: stateOf(failure, outcome, circumstances) }));
  const known = { file: list.file, failures };
  const requirements = outcome.requirements.map((result) => excused(result, outcome.cases, known));
  return { ...outcome, requirements, known, verdict: verdictOf(requirements, outcome.cases) };
}

function stateOf({ id, until }: KnownFailure, outcome: Outcome, circumstances: KnownCircumstances): KnownState {
  const { today, ids, incomplete } = circumstances;
  const requirement = outcome.requirements.find((result) => result.requirement.id === id);
  const testCase = outcome.cases.find((result) => result.id === id);
  if (requirement === undefined && testCase === undefined && !isKnownId(id, ids)) return 'unmatched';
  if (until !== undefined && until < today) return 'expired';
  if (testCase !== undefined) return stateOfCase(testCase);
  if (requirement !== undefined) return stateOfRequirement(requirement, outcome.cases, incomplete);
  return 'unreached';
}

/** Which generated cases there are depends on how many values a run is asked for. */
function isKnownId(id: string, ids: ReadonlySet<string>): boolean {
  return ids.has(id) || /^fuzz\/.+\/\d+-\d+$/.test(id);
}

function stateOfCase({ verdict, checks }: CaseResult): KnownState {
  if (verdict === 'unreached' || verdict === 'error' || verdict === 'not applicable') return 'unreached';
  return checks.some(({ outcome }) => outcome === 'violated') ? 'known' : 'passes';
}

/** A requirement passes if every case that proves it was run to its end. */
function stateOfRequirement(
  result: RequirementResult,
  cases: readonly CaseResult[],
  incomplete: ReadonlySet<string>,
): KnownState {
  if (result.outcome === 'excluded') return 'excluded';
  if (result.outcome === 'violated' || result.outcome === 'warned') return 'known';
  const isCut = cases.some(({ id, verdict }) => verdict === 'unreached' && result.cases.includes(id));
  const isProved = result.outcome === 'met' && !isCut && !incomplete.has(result.requirement.id);
  return isProved ? 'passes' : 'unreached';
}

function excused(result: RequirementResult, cases: readonly CaseResult[], known: KnownResults): RequirementResult {
  if (result.outcome !== 'violated' && result.outcome !== 'warned') return result;
  const { id } = result.requirement;
  const breaking = cases.filter((one) => breaks(one, id));
  const failures = breaking.map((one) => knownFailureOf(known, id, one.id));
  if (failures.some((failure) => failure === undefined)) return result;
  const reasons = [...new Set(failures.map((failure) => failure?.reason))];
  return { ...result, outcome: 'known', reason: reasons.join('; ') };
}

/** Whether a case shows that a requirement is broken. */
export function breaks({ verdict, checks }: CaseResult, requirement: string): boolean {
  if (verdict === 'unreached') return false;
  return checks.some((check) => check.requirement === requirement && check.outcome === 'violated');
}
