import { listNames, parsePattern } from '../cases/select.ts';
import type { Requirement } from '../contract/requirements.ts';
import {
  requirementOutcomes,
  type CallReading,
  type CaseResult,
  type CheckResult,
  type KnownResults,
  type Report,
  type ReportRequirement,
  type RequirementOutcome,
  type Verdict,
} from './model.ts';
import { listed } from './texts.ts';

/** A requirement with its outcome over all cases that prove it. */
export interface RequirementResult {
  readonly requirement: Requirement;
  readonly outcome: RequirementOutcome;
  /** The ids of the cases that prove it. */
  readonly cases: readonly string[];
  /** The reason why it is unreached, not applicable, excluded or known to be broken. */
  readonly reason: string | undefined;
}

export const exitCodes: Readonly<Record<Verdict, Report['exitCode']>> = {
  conforming: 0,
  'not conforming': 1,
  'nothing verified': 2,
  incomplete: 3,
};

/**
 * Returns the exit code of a verdict after mishaps, such as files that could not be written. A verdict is worth more than
 * a file, so that a mishap shows only where the target conforms.
 */
export function exitCodeAfter(exitCode: number, mishaps: readonly unknown[]): number {
  return exitCode === exitCodes.conforming && mishaps.length > 0 ? exitCodes['nothing verified'] : exitCode;
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly requirements: readonly RequirementResult[];
  readonly cases: readonly CaseResult[];
  readonly known?: KnownResults;
}

/** The settings by which the results of cases are judged. */
export interface Judgement {
  readonly profiles: readonly string[];
  /** True to count a broken SHOULD as a violation. */
  readonly strict: boolean;
  /** True if only some cases were run: requirements without a case are then left out. */
  readonly partial: boolean;
  /** The patterns of cases that were asked for, if not all were. */
  readonly only?: readonly string[];
}

/**
 * Judges the results of a run's cases.
 *
 * A refusal proves nothing if its control was not accepted. It is then unreached, unless its answer differs from the
 * control's and is wrong. Where calls cannot be read at all, a reading that is refused has no object.
 */
export function judge(
  requirements: readonly Requirement[],
  results: readonly CaseResult[],
  { profiles, strict, partial, only = [] }: Judgement,
): Outcome {
  const cases = missWanted(bindToControls(results), only);
  const judged = requirements
    .filter(({ profile }) => profiles.includes(profile))
    .map((requirement) => judgeRequirement(requirement, cases, strict))
    .filter(({ cases: proofs }) => !partial || proofs.length > 0);
  return { verdict: reachVerdict(judged, cases), requirements: judged, cases };
}

function bindToControls(results: readonly CaseResult[]): CaseResult[] {
  const byId = new Map(results.map((result) => [result.id, result]));
  return results.map((result) => {
    const control = result.control === undefined ? undefined : byId.get(result.control);
    if (control === undefined || control.accepted || !['pass', 'fail', 'warn'].includes(result.verdict)) return result;
    const answer = control.answers.join(', ') || control.verdict;
    const provesNothing = result.verdict === 'pass' || result.answers.join(', ') === answer;
    if (!provesNothing) return result;
    const main = control.checks.filter(isAbout(control.requirement));
    if (main.length > 0 && main.every(({ outcome }) => outcome === 'not applicable')) {
      const checks = result.checks.map((check) => ({ ...check, outcome: 'not applicable' as const, violations: [] }));
      const reason = control.reason ?? `${cannotBeRead}: it was answered ${answer}`;
      return { ...result, checks, verdict: 'not applicable', reason };
    }
    const outcome = control.answers.length === 0 ? answer : `answered ${answer}`;
    const reason = `its control ${control.id} was ${outcome}, so that a refusal proves nothing`;
    return { ...result, verdict: 'unreached', reason };
  });
}

/** Counts what was asked for as unreached where no case of a pattern was tried. */
function missWanted(cases: readonly CaseResult[], only: readonly string[]): CaseResult[] {
  const missed = only.map(parsePattern).flatMap((pattern) => {
    const wanted = cases.filter((result) => listNames(result).some((id) => pattern.test(id)));
    return wanted.every(({ verdict, exchanges }) => verdict === 'not applicable' && exchanges.length === 0)
      ? wanted
      : [];
  });
  return cases.map((result) => (missed.includes(result) ? { ...result, verdict: 'unreached' } : result));
}

function judgeRequirement(requirement: Requirement, cases: readonly CaseResult[], strict: boolean): RequirementResult {
  const { id, level, excluded } = requirement;
  if (excluded !== undefined) return { requirement, outcome: 'excluded', cases: [], reason: excluded };
  const unreached = cases.filter(({ verdict, requirement: main }) => verdict === 'unreached' && main === id);
  const proofs = cases.filter(({ verdict, checks }) => verdict !== 'unreached' && checks.some(isAbout(id)));
  const outcomes = proofs.flatMap(({ checks }) => checks.filter(isAbout(id)).map(({ outcome }) => outcome));
  const pointless = cases.find(({ verdict, requirement: main }) => verdict === 'not applicable' && main === id);
  const ids = [...proofs, ...unreached].map((result) => result.id);
  const ended = (outcome: RequirementOutcome, reason?: string): RequirementResult => {
    return { requirement, outcome, cases: ids, reason };
  };
  if (outcomes.includes('violated')) return ended(level === 'MUST' || strict ? 'violated' : 'warned');
  if (outcomes.includes('met')) return ended('met');
  const reason = unreached[0]?.reason ?? cases.find(({ verdict }) => verdict === 'unreached')?.reason;
  if (unreached.length > 0) return ended('unreached', reason);
  if (proofs.length === 0 && pointless === undefined) return ended('unreached', reason ?? 'no case was run');
  const failed = readingsOf(id, proofs).find(({ before, after }) => {
    const isLost = after.outcome === 'unanswered' || after.outcome === 'failed';
    return before.outcome === 'unanswered' || (before.outcome === 'read' && isLost);
  });
  if (failed !== undefined) return ended('unreached', unread(failed.after));
  return ended('not applicable', pointless?.reason ?? missingOccasion(id, proofs));
}

function missingOccasion(id: string, proofs: readonly CaseResult[]): string {
  const unreadable = readingsOf(id, proofs).find(({ before: { outcome } }) => {
    return outcome === 'unsupported' || outcome === 'failed';
  });
  if (unreadable !== undefined) return unread(unreadable.before);
  const exchanges = proofs.flatMap((result) => result.exchanges);
  const onlyReads = exchanges.length > 0 && exchanges.every(({ request }) => request.method === 'GET');
  const answers = new Set(exchanges.flatMap(({ response }) => response?.status ?? []));
  const isShown = [...answers].some((status) => status < 300);
  if (!onlyReads || isShown) return 'no answer gave occasion to check it';
  return `${cannotBeRead}: reading the call was answered with ${[...answers].join(', ')}`;
}

/** Returns the readings of the exchanges that prove a requirement, if it looks at calls. */
function readingsOf(id: string, proofs: readonly CaseResult[]): { before: CallReading; after: CallReading }[] {
  const looksAtCalls = proofs.some(({ checks }) => checks.some((one) => isAbout(id)(one) && one.looksAt === 'calls'));
  return looksAtCalls ? proofs.flatMap(({ exchanges }) => exchanges.flatMap(({ readings }) => readings ?? [])) : [];
}

/** The beginning of the reason that a requirement about readings is not applicable. */
const cannotBeRead = 'calls cannot be read back';

function unread({ description }: CallReading): string {
  return `${cannotBeRead}: ${description}`;
}

function isAbout(id: string): (check: CheckResult) => boolean {
  return ({ requirement }) => requirement === id;
}

export function reachVerdict(requirements: readonly RequirementResult[], cases: readonly CaseResult[]): Verdict {
  const has = (outcome: RequirementOutcome) => requirements.filter((result) => result.outcome === outcome);
  if (has('violated').length > 0) return 'not conforming';
  if (cases.length === 0 || cases.some(({ verdict }) => verdict === 'error')) return 'nothing verified';
  const isShort = cases.some(({ cutShort }) => cutShort);
  if (isShort || has('unreached').some(({ requirement }) => requirement.level === 'MUST')) return 'incomplete';
  // Where nothing at all was reached, no recommendation was either.
  return cases.every(({ verdict }) => verdict === 'unreached') ? 'incomplete' : 'conforming';
}

/** The largest number of ids that a verdict line names. */
const mostUnverified = 3;

/** Writes the verdict with what was not verified: requirements, unreached cases of others, and groups that need readings. */
export function verdictText(report: Pick<Report, 'verdict' | 'requirements' | 'cases'>): string {
  const { verdict, requirements, cases } = report;
  if (verdict === 'nothing verified') return verdict;
  const unreached = requirements.filter(({ outcome }) => outcome === 'unreached').map(({ id }) => id);
  const unverified = [...unreached, ...unreachedBesides(requirements, cases).map(({ id }) => `case ${id}`)];
  const applicable = requirements.filter(({ outcome }) => outcome !== 'excluded');
  const isAll = unreached.length > 1 && unreached.length === applicable.length;
  const named = isAll ? `all ${unreached.length} requirements` : listed(unverified, mostUnverified);
  const unread = requirements.filter(({ outcome, reason }) => {
    return outcome === 'not applicable' && reason?.startsWith(cannotBeRead) === true;
  });
  const groups = [...new Set(unread.map(({ id }) => groupName(id)))].join(' and ');
  return [
    verdict,
    ...(unverified.length === 0 ? [] : [`not verified: ${named}`]),
    ...(groups === '' || verdict === 'not conforming' ? [] : [`${groups} not verified: calls cannot be read`]),
  ].join('; ');
}

/** Returns the unreached cases of requirements that other cases reached. */
export function unreachedBesides(
  requirements: readonly ReportRequirement[],
  cases: readonly CaseResult[],
): CaseResult[] {
  const unreached = new Set(requirements.filter(({ outcome }) => outcome === 'unreached').map(({ id }) => id));
  const listedOnes = new Set(requirements.map(({ id }) => id));
  return cases.filter(
    ({ verdict, requirement }) => verdict === 'unreached' && listedOnes.has(requirement) && !unreached.has(requirement),
  );
}

/** The number of each outcome or verdict; those that do not occur are left out. */
export type Totals<Word extends string = string> = Readonly<Partial<Record<Word, number>>>;

export function countEach<Word extends string>(words: readonly Word[]): Totals<Word> {
  const groups = [...Map.groupBy(words, (word) => word)];
  return Object.fromEntries(groups.map(([word, all]) => [word, all.length])) as Totals<Word>;
}

const order: readonly string[] = ['pass', 'fail', 'warn', ...requirementOutcomes, 'error'];

/** Writes totals as words, such as "3 pass, 1 fail". */
export function totalsText(totals: Totals): string {
  return Object.entries(totals)
    .toSorted(([one], [other]) => order.indexOf(one) - order.indexOf(other))
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}

/** Returns the group of a requirement or a case, which its id begins with. */
export function groupName(id: string): string {
  return id.split('/')[0] ?? '';
}

/** Counts requirements by their group and outcome: a column for each outcome that occurs, a row for each group. */
export function tabulate(requirements: readonly ReportRequirement[]) {
  const columns = requirementOutcomes.filter((word) => requirements.some(({ outcome }) => outcome === word));
  const groups = Map.groupBy(requirements, ({ id }) => groupName(id));
  const rows = [...groups].map(([group, members]) => {
    return { group, counts: columns.map((word) => members.filter(({ outcome }) => outcome === word).length) };
  });
  return { columns, rows };
}
