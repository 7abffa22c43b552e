import type { Requirement } from '../../../conformance/contract/requirements.ts';
import type { Equivalent } from './equivalents.ts';
import { controlsAmong, faultsAmong, nameOf, type Subject } from './subjects.ts';
import type { Finding, Trial } from './trial.ts';

/** What was found of a fault. */
export interface FaultResult {
  readonly id: string;
  readonly says: string;
  /** The requirement that must find it. */
  readonly requirement: string;
  readonly isFound: boolean;
  /** The checks by which its requirement found it. */
  readonly checks: readonly string[];
  /** The other requirements that found it. */
  readonly others: readonly string[];
}

/** What was found of a control. */
export interface ControlResult {
  readonly id: string;
  readonly says: string;
  readonly implementation: string;
  readonly verdict: string;
  /** The requirements that it does not honour. */
  readonly findings: readonly string[];
  /** Whether something was found of it that should not be. */
  readonly isAlarm: boolean;
  /** The requirements of level SHOULD that it does not honour, and that were not found. */
  readonly missed: readonly string[];
}

/** What the faults prove of a requirement. */
export interface Proof {
  readonly requirement: string;
  readonly level: string;
  /** How many faults name it. */
  readonly faults: number;
  /** How many faults only it found. */
  readonly alone: number;
}

/** What the trials prove, and what they do not. */
export interface Assessment {
  readonly faults: readonly FaultResult[];
  readonly controls: readonly ControlResult[];
  readonly proofs: readonly Proof[];
  /** A sentence for each thing that has to be mended. */
  readonly problems: readonly string[];
}

/** Assesses the trials of subjects; of the requirements only if all faults were tried. */
export function assess(
  subjects: readonly Subject[],
  trials: readonly Trial[],
  requirements: readonly Requirement[],
  equivalents: readonly Equivalent[],
): Assessment {
  const byName = new Map(trials.map((trial) => [nameOf(trial), trial]));
  const findingsOf = (subject: Subject) => byName.get(nameOf(subject))?.findings ?? [];
  const faults = faultsAmong(subjects).map((fault) => faultResult(fault, findingsOf(fault)));
  const controls = controlsAmong(subjects).map((control) => controlResult(control, byName.get(nameOf(control))));
  const proofs = requirements.map(({ id, level }) => proofOf(id, level, faults));
  const problems = [
    ...errorsOfSuite(trials),
    ...trials.flatMap(problemOfLeaks),
    ...faults.flatMap(problemOfFault),
    ...controls.flatMap(problemsOfControl),
    ...problemsOfProofs(proofs, equivalents),
  ];
  return { faults, controls, proofs, problems };
}

/** Each error once, since what is wrong with a case is so with every server. */
function errorsOfSuite(trials: readonly Trial[]): string[] {
  const errors = trials.flatMap((trial) => trial.errors.map((error) => ({ error, name: nameOf(trial) })));
  return [...Map.groupBy(errors, ({ error }) => error)].map(
    ([error, [first, ...others]]) => `${first?.name} and ${others.length} more: error of the suite: ${error}`,
  );
}

function problemOfLeaks(trial: Trial): string[] {
  return trial.leaks.length === 0 ? [] : [`${nameOf(trial)}: the results show the token ${trial.leaks.join(', ')}`];
}

function faultResult(
  { id, says, requirement }: Subject & { kind: 'fault' },
  findings: readonly Finding[],
): FaultResult {
  const own = findings.find((finding) => finding.requirement === requirement);
  const others = findings.filter((finding) => finding !== own).map((finding) => finding.requirement);
  return { id, says, requirement, isFound: own !== undefined, checks: own?.checks ?? [], others };
}

function controlResult(control: Subject & { kind: 'control' }, trial: Trial | undefined): ControlResult {
  const { id, says, implementation, warns = [] } = control;
  const findings = trial?.findings.map(({ requirement }) => requirement) ?? [];
  const verdict = trial?.verdict ?? 'not tried';
  const isAlarm = verdict !== 'conforming' || findings.some((finding) => !warns.includes(finding));
  const missed = warns.filter((warning) => !findings.includes(warning));
  return { id, says, implementation, verdict, findings, isAlarm, missed };
}

function proofOf(requirement: string, level: string, faults: readonly FaultResult[]): Proof {
  const named = faults.filter((fault) => fault.requirement === requirement);
  const alone = named.filter(({ isFound, others }) => isFound && others.length === 0);
  return { requirement, level, faults: named.length, alone: alone.length };
}

function problemOfFault({ id, requirement, isFound, others }: FaultResult): string[] {
  if (isFound) return [];
  if (others.length === 0) return [`fault ${id}: survives; expected ${requirement} to find it`];
  return [`fault ${id}: expected ${requirement} to find it, but only ${others.join(', ')} did`];
}

function problemsOfControl({ id, verdict, findings, isAlarm, missed }: ControlResult): string[] {
  const alarm = `control ${id}: a false alarm: ${verdict}, by ${findings.join(', ') || 'no requirement'}`;
  return [
    ...(isAlarm ? [alarm] : []),
    ...missed.map((requirement) => `control ${id}: expected a warning of ${requirement}, and none came`),
  ];
}

function problemsOfProofs(proofs: readonly Proof[], equivalents: readonly Equivalent[]): string[] {
  const listed = new Set(equivalents.map(({ requirement }) => requirement));
  const lacking = proofs.filter(({ level, alone }) => level === 'MUST' && alone === 0);
  const unlisted = lacking.filter(({ requirement }) => !listed.has(requirement));
  const stale = [...listed].filter((id) => !lacking.some(({ requirement }) => requirement === id));
  return [
    ...unlisted.map(
      ({ requirement }) =>
        `requirement ${requirement}: no fault is found by it alone: add one, or tell in equivalents.yaml why there is none`,
    ),
    ...stale.map((id) => `requirement ${id}: is in equivalents.yaml without need: take it out`),
  ];
}
