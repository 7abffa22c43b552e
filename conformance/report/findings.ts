import type { CaseResult, CaseViolation } from '../run/result.ts';
import { faultCodesOf } from './fault-codes.ts';
import { knownFailureOf, type KnownFailure, type KnownResults } from './known-failures.ts';
import type { Outcome, RequirementResult } from './verdict.ts';

/** What is broken for one reason: a requirement with its cases, or several that differ from their answers alike. */
export interface Finding {
  /** `known`: what is broken is on a list of known failures. */
  readonly outcome: 'violated' | 'warned' | 'known';
  /** The ids of the requirements, in the order of the register. */
  readonly requirements: readonly string[];
  /** How what came differs from what was expected, the most frequent first. */
  readonly differences: readonly Difference[];
  /** The codes of the Web Fuzzing Commons' catalogue that it has, in ascending order. */
  readonly faultCodes: readonly number[];
  /** The failure of the list that covers it, if it is known. */
  readonly known: Pick<KnownFailure, 'id' | 'reason' | 'until'> | undefined;
}

/** What a finding is headed by where there is nothing but text. */
export const findingHeadings: Readonly<Record<Finding['outcome'], string>> = {
  violated: 'VIOLATED',
  warned: 'WARNING',
  known: 'KNOWN',
};

/** Cases whose answers differ alike from what was expected. */
export interface Difference {
  /** The ids of the cases. */
  readonly cases: readonly string[];
  /** The case to be shown for all: the control of others, or else the one with the shortest request. */
  readonly example: Example;
}

/** A case that shows a difference. */
export interface Example {
  readonly case: string;
  /** The requirement that its answer breaks. */
  readonly requirement: string;
  /** The place of the exchange in the case's list. */
  readonly exchange: number;
  readonly violations: readonly CaseViolation[];
}

/** A case whose answer breaks a requirement. */
interface Breach {
  readonly outcome: Finding['outcome'];
  readonly requirement: string;
  readonly result: CaseResult;
  readonly violations: readonly CaseViolation[];
  readonly difference: string;
  readonly known: KnownFailure | undefined;
  /** Whether refusals are held against the case: what is wrong with it shows best there. */
  readonly isControl: boolean;
}

/** From so many requirements on, what they have in common is the cause, and not what each of them says. */
const requirementsOfCommonCause = 4;

/**
 * What is broken, each cause once: answers that differ alike from what four or more requirements expect are one finding,
 * all else is a finding of its requirement, and what is known is one of the failure that covers it. What is violated
 * comes before what is warned of, and that before what is known; of these the findings with the most cases first.
 */
export function findingsOf({ requirements, cases, known }: Outcome): Finding[] {
  const all = requirements.flatMap((result) => breachesOf(result, cases, known));
  const covered = Map.groupBy(all, (breach) => breach.known);
  const breaches = covered.get(undefined) ?? [];
  covered.delete(undefined);
  const alike = Map.groupBy(breaches, ({ outcome, difference }) => `${outcome} ${difference}`);
  const common = [...alike.values()].filter((group) => requirementsIn(group).length >= requirementsOfCommonCause);
  const explained = new Set(common.flat());
  const rest = breaches.filter((breach) => !explained.has(breach));
  const separate = Map.groupBy(rest, ({ requirement }) => requirement).values();
  return [...common, ...separate, ...covered.values()].map(findingOf).toSorted(byWeight);
}

function breachesOf(
  { requirement: { id }, outcome }: RequirementResult,
  cases: readonly CaseResult[],
  list: KnownResults | undefined,
): Breach[] {
  if (outcome !== 'violated' && outcome !== 'warned' && outcome !== 'known') return [];
  const controls = new Set(cases.map(({ control }) => control));
  return cases.flatMap((result) => {
    const violations = violationsOf(result, id);
    if (violations.length === 0) return [];
    const known = knownFailureOf(list, id, result.id);
    const isControl = controls.has(result.id);
    const breach = { requirement: id, result, violations, difference: differenceOf(violations), known, isControl };
    return [{ ...breach, outcome: known === undefined ? outcome : 'known' }];
  });
}

function violationsOf({ verdict, checks }: CaseResult, requirement: string): CaseViolation[] {
  if (verdict === 'unreached') return [];
  return checks.filter((check) => check.requirement === requirement).flatMap(({ violations }) => violations);
}

/** What violations have in common with those of other cases: all but the error code that each expects, and numbers. */
function differenceOf(violations: readonly CaseViolation[]): string {
  return [...new Set(violations.map(patternOf))].toSorted().join('\n');
}

function patternOf({ at, expected, actual }: CaseViolation): string {
  const codes = new Set(expected.match(/\b[a-z][a-z\d]*(?:_[a-z\d]+)+\b/g));
  const withoutCodes = (text: string) => [...codes].reduce((rest, code) => rest.replaceAll(code, 'its code'), text);
  const withoutNumbers = (text: string) => (at === 'status' ? text : text.replaceAll(/\+?\d[\d*]*/g, '#'));
  // One of several refusals is expected where a request has several faults.
  const [first = '', ...others] = withoutNumbers(withoutCodes(expected)).split(/,? or /);
  const alternatives = [first, ...others.filter((other) => !first.endsWith(other))].join(' or ');
  return [at, alternatives, withoutNumbers(withoutCodes(actual))].join(' ');
}

function findingOf(breaches: readonly Breach[]): Finding {
  const alike = [...Map.groupBy(breaches, ({ difference }) => difference).values()];
  return {
    outcome: breaches[0]?.outcome ?? 'violated',
    requirements: requirementsIn(breaches),
    differences: alike.toSorted((one, other) => casesIn(other).length - casesIn(one).length).map(differenceIn),
    faultCodes: faultCodesIn(breaches),
    known: excuseOf(breaches[0]?.known),
  };
}

function faultCodesIn(breaches: readonly Breach[]): number[] {
  const codes = breaches.flatMap(({ requirement, violations, result }) =>
    faultCodesOf(requirement, violations, result),
  );
  return [...new Set(codes)].toSorted((one, other) => one - other);
}

function excuseOf(failure: KnownFailure | undefined): Finding['known'] {
  return failure && { id: failure.id, reason: failure.reason, until: failure.until };
}

function differenceIn(breaches: readonly Breach[]): Difference {
  const [simplest] = breaches.toSorted(bySimplicity);
  const { result, requirement, violations } = simplest as Breach;
  const exchange = violations[0]?.exchange ?? 0;
  return { cases: casesIn(breaches), example: { case: result.id, requirement, exchange, violations } };
}

function bySimplicity(one: Breach, other: Breach): number {
  return Number(other.isControl) - Number(one.isControl) || lengthOf(one) - lengthOf(other);
}

/** How much of a breach there is to read. */
function lengthOf({ result: { exchanges }, violations }: Breach): number {
  const sent = exchanges.map(({ request }) => request.path.length + (request.body?.length ?? 0));
  return sent.reduce((sum, length) => sum + length, 0) + violations.length;
}

function requirementsIn(breaches: readonly Breach[]): string[] {
  return [...new Set(breaches.map(({ requirement }) => requirement))];
}

function casesIn(breaches: readonly Breach[]): string[] {
  return [...new Set(breaches.map(({ result }) => result.id))];
}

const rank: readonly Finding['outcome'][] = ['violated', 'warned', 'known'];

function byWeight(one: Finding, other: Finding): number {
  if (one.outcome !== other.outcome) return rank.indexOf(one.outcome) - rank.indexOf(other.outcome);
  return weightOf(other) - weightOf(one);
}

function weightOf({ differences }: Finding): number {
  return new Set(differences.flatMap(({ cases }) => cases)).size;
}
