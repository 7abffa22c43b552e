import type { CaseResult, CaseViolation, Difference, Finding, KnownResults, Report } from './model.ts';
import { coveringFailure } from './known.ts';
import type { Outcome, RequirementResult } from './verdict.ts';

/** A case whose answer breaks a requirement. */
interface Breach {
  readonly outcome: Finding['outcome'];
  readonly requirement: string;
  readonly result: CaseResult;
  readonly violations: readonly CaseViolation[];
  readonly difference: string;
  readonly known: Finding['known'];
  /** True if the case is the control of others. The cause of a violation shows best in a control. */
  readonly isControl: boolean;
}

/** From this number of requirements on, the cause is what they have in common rather than what each of them says. */
const requirementsOfCommonCause = 4;

/**
 * Groups violations by their cause. Answers that differ alike from what four or more requirements expect are one finding;
 * a known failure is one finding with all that it covers; the rest is one finding for each requirement. Violations come
 * first, then warnings, then known failures; of each, the findings with the most cases first.
 */
export function groupFindings({ requirements, cases, known }: Outcome): Finding[] {
  const all = requirements.flatMap((result) => findBreaches(result, cases, known));
  const covered = Map.groupBy(all, (breach) => breach.known);
  const breaches = covered.get(undefined) ?? [];
  covered.delete(undefined);
  const alike = Map.groupBy(breaches, ({ outcome, difference }) => `${outcome} ${difference}`);
  const common = [...alike.values()].filter((group) => requirementsIn(group).length >= requirementsOfCommonCause);
  const explained = new Set(common.flat());
  const rest = breaches.filter((breach) => !explained.has(breach));
  const separate = Map.groupBy(rest, ({ requirement }) => requirement).values();
  return [...common, ...separate, ...covered.values()].map(makeFinding).toSorted(byWeight);
}

function findBreaches(
  { requirement: { id }, outcome }: RequirementResult,
  cases: readonly CaseResult[],
  list: KnownResults | undefined,
): Breach[] {
  if (outcome !== 'violated' && outcome !== 'warned' && outcome !== 'known') return [];
  const controls = new Set(cases.map(({ control }) => control));
  return cases.flatMap((result) => {
    const violations = violationsFor(result, id);
    if (violations.length === 0) return [];
    const known = coveringFailure(list, id, result.id);
    const isControl = controls.has(result.id);
    const breach = { requirement: id, result, violations, difference: differencePattern(violations), known, isControl };
    return [{ ...breach, outcome: known === undefined ? outcome : 'known' }];
  });
}

function violationsFor({ verdict, checks }: CaseResult, requirement: string): CaseViolation[] {
  if (verdict === 'unreached') return [];
  return checks.filter((check) => check.requirement === requirement).flatMap(({ violations }) => violations);
}

/** Returns what violations share with those of other cases: all but numbers and the error code that each expects. */
function differencePattern(violations: readonly CaseViolation[]): string {
  return [...new Set(violations.map(violationPattern))].toSorted().join('\n');
}

function violationPattern({ at, expected, actual }: CaseViolation): string {
  const codes = new Set(expected.match(/\b[a-z][a-z\d]*(?:_[a-z\d]+)+\b/g));
  const withoutCodes = (text: string) => [...codes].reduce((rest, code) => rest.replaceAll(code, 'its code'), text);
  const withoutNumbers = (text: string) => (at === 'status' ? text : text.replaceAll(/\+?\d[\d*]*/g, '#'));
  // One of several refusals is expected where a request has several faults.
  const [first = '', ...others] = withoutNumbers(withoutCodes(expected)).split(/,? or /);
  const alternatives = [first, ...others.filter((other) => !first.endsWith(other))].join(' or ');
  return [at, alternatives, withoutNumbers(withoutCodes(actual))].join(' ');
}

function makeFinding(breaches: readonly Breach[]): Finding {
  const alike = [...Map.groupBy(breaches, ({ difference }) => difference).values()];
  const known = breaches[0]?.known;
  return {
    outcome: breaches[0]?.outcome ?? 'violated',
    requirements: requirementsIn(breaches),
    differences: alike.toSorted((one, other) => casesIn(other).length - casesIn(one).length).map(makeDifference),
    known: known && { id: known.id, reason: known.reason, until: known.until },
  };
}

function makeDifference(breaches: readonly Breach[]): Difference {
  const [simplest] = breaches.toSorted(bySimplicity);
  const { result, requirement, violations } = simplest as Breach;
  const exchange = violations[0]?.exchange ?? 0;
  return { cases: casesIn(breaches), example: { case: result.id, requirement, exchange, violations } };
}

function bySimplicity(one: Breach, other: Breach): number {
  return (
    Number(other.isControl) - Number(one.isControl) ||
    Number(onlyReads(one)) - Number(onlyReads(other)) ||
    readingLength(one) - readingLength(other)
  );
}

/** Tells whether a reading shows that a call moved: the request that moved it is of another case. */
function onlyReads({ result: { exchanges }, violations }: Breach): boolean {
  return violations.some(({ at, exchange = 0 }) => {
    return at.startsWith('call') && exchanges[exchange]?.request.method === 'GET';
  });
}

/** Returns how much of a breach there is to read, in characters. */
function readingLength({ result: { exchanges }, violations }: Breach): number {
  const sent = exchanges.map(({ request }) => request.path.length + (request.body?.length ?? 0));
  const told = violations.map(({ expected, actual }) => expected.length + actual.length);
  return [...sent, ...told].reduce((sum, length) => sum + length, 0);
}

function requirementsIn(breaches: readonly Breach[]): string[] {
  return [...new Set(breaches.map(({ requirement }) => requirement))];
}

function casesIn(breaches: readonly Breach[]): string[] {
  return [...new Set(breaches.map(({ result }) => result.id))];
}

const rank: readonly Finding['outcome'][] = ['violated', 'warned', 'known'];

function byWeight(one: Finding, other: Finding): number {
  const countCases = ({ differences }: Finding) => new Set(differences.flatMap(({ cases }) => cases)).size;
  return rank.indexOf(one.outcome) - rank.indexOf(other.outcome) || countCases(other) - countCases(one);
}

const worstLast: readonly Finding['outcome'][] = ['warned', 'known', 'violated'];

/** Returns the cases whose answers break something, by id, with the worst outcome of their findings. */
export function brokenCases({ findings }: Report): Map<string, Finding['outcome']> {
  const ranked = findings.toSorted((one, other) => worstLast.indexOf(one.outcome) - worstLast.indexOf(other.outcome));
  return new Map(
    ranked.flatMap(({ outcome, differences }) =>
      differences.flatMap(({ cases }) => cases.map((id) => [id, outcome] as const)),
    ),
  );
}
