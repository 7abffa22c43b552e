import type { Requirement } from '../../../conformance/contract/requirements.ts';
import type { Check } from '../../../conformance/checks/check.ts';
import { nameSubject, type Subject } from './subjects.ts';
import type { Trial } from './trial.ts';

/** A requirement of level MUST that no fault can break without breaking another one too. */
export interface Equivalent {
  readonly requirement: string;
  readonly why: string;
}

/** The parts of the suite that the faults must prove. */
export interface Proven {
  readonly requirements: readonly Pick<Requirement, 'id' | 'level'>[];
  readonly checks: readonly Pick<Check, 'requirement' | 'name'>[];
  readonly equivalents: readonly Equivalent[];
}

export interface FaultResult {
  readonly id: string;
  readonly says: string;
  /** The requirement that it breaks, or those that a self-check names for a wrong answer. One of them must find it. */
  readonly expected: readonly string[];
  readonly isFound: boolean;
  /** The requirements that found it, the expected ones first. */
  readonly foundBy: readonly string[];
}

export interface ControlResult {
  readonly id: string;
  readonly says: string;
  readonly implementation: string;
  readonly verdict: string;
  /** The requirements that the server does not honour, according to the suite. */
  readonly findings: readonly string[];
  /** True if the suite found more than the server's warnings. */
  readonly isAlarm: boolean;
  /** The warnings that the suite did not give. */
  readonly missed: readonly string[];
}

/** The faults that a requirement finds. */
export interface RequirementProof {
  readonly requirement: string;
  readonly level: string;
  readonly faults: number;
  /** The number of faults that no other requirement finds. */
  readonly alone: number;
}

/** A check, and a fault that no other check of its requirement finds. */
export interface Witness {
  readonly requirement: string;
  readonly check: string;
  readonly fault: string | undefined;
}

export interface Assessment {
  readonly faults: readonly FaultResult[];
  readonly controls: readonly ControlResult[];
  readonly requirements: readonly RequirementProof[];
  readonly witnesses: readonly Witness[];
  /** One sentence for each thing to mend. */
  readonly problems: readonly string[];
}

/**
 * Assesses the trials of subjects.
 *
 * @param proven - The suite that the whole catalogue must prove; left out if a part of the catalogue was tried.
 */
export function assess(subjects: readonly Subject[], trials: readonly Trial[], proven?: Proven): Assessment {
  const byName = new Map(trials.map((trial) => [nameSubject(trial), trial]));
  const faults = subjects.flatMap((subject) =>
    subject.kind === 'fault' ? faultResult(subject, byName.get(nameSubject(subject))) : [],
  );
  const controls = subjects.flatMap((subject) =>
    subject.kind === 'control' ? controlResult(subject, byName.get(nameSubject(subject))) : [],
  );
  const requirements = (proven?.requirements ?? []).map(({ id, level }) => proveRequirement(id, level, faults));
  const witnesses = (proven?.checks ?? []).map((check) => findWitness(check, trials));
  const problems = [
    ...errorsOfSuite(trials),
    ...trials.flatMap(problemOfLeaks),
    ...faults.flatMap(problemOfFault),
    ...controls.flatMap(problemsOfControl),
    ...problemsOfRequirements(requirements, proven?.equivalents ?? []),
    ...witnesses.flatMap(problemOfWitness),
  ];
  return { faults, controls, requirements, witnesses, problems };
}

/** Formats the result in a few words. */
export function summarize({ faults, controls }: Pick<Assessment, 'faults' | 'controls'>): string {
  const found = faults.filter(({ isFound }) => isFound).length;
  const alarms = controls.filter(({ isAlarm }) => isAlarm).length;
  return `faults found ${found}/${faults.length}, false alarms ${alarms}/${controls.length}`;
}

function faultResult({ id, says, requirement }: Subject & { kind: 'fault' }, trial: Trial | undefined): FaultResult {
  const found = trial?.findings.map((finding) => finding.requirement) ?? [];
  const expected = requirement === undefined ? (trial?.expected ?? []) : [requirement];
  const isFound = expected.some((one) => found.includes(one));
  const foundBy = [...expected.filter((one) => found.includes(one)), ...found.filter((one) => !expected.includes(one))];
  return { id, says, expected, isFound, foundBy };
}

function controlResult(control: Subject & { kind: 'control' }, trial: Trial | undefined): ControlResult {
  const { id, says, implementation, warns = [] } = control;
  const findings = trial?.findings.map(({ requirement }) => requirement) ?? [];
  const verdict = trial?.verdict ?? 'not tried';
  const isAlarm = verdict !== 'conforming' || findings.some((finding) => !warns.includes(finding));
  const missed = warns.filter((warning) => !findings.includes(warning));
  return { id, says, implementation, verdict, findings, isAlarm, missed };
}

function proveRequirement(requirement: string, level: string, faults: readonly FaultResult[]): RequirementProof {
  const found = faults.filter(({ isFound, foundBy }) => isFound && foundBy.includes(requirement));
  const alone = found.filter(({ foundBy }) => foundBy.length === 1);
  return { requirement, level, faults: found.length, alone: alone.length };
}

function findWitness({ requirement, name }: Proven['checks'][number], trials: readonly Trial[]): Witness {
  const witness = trials.find(
    ({ kind, findings }) =>
      kind === 'fault' &&
      findings.some((finding) => finding.requirement === requirement && finding.checks.join() === name),
  );
  return { requirement, check: name, fault: witness?.id };
}

/** Returns each error once, since an error of a case occurs with every server. */
function errorsOfSuite(trials: readonly Trial[]): string[] {
  const errors = trials.flatMap((trial) => trial.errors.map((error) => ({ error, name: nameSubject(trial) })));
  return [...Map.groupBy(errors, ({ error }) => error)].map(
    ([error, [first, ...others]]) => `${first?.name} and ${others.length} more: error of the suite: ${error}`,
  );
}

function problemOfLeaks(trial: Trial): string[] {
  return trial.leaks.length === 0
    ? []
    : [`${nameSubject(trial)}: the results show the token ${trial.leaks.join(', ')}`];
}

function problemOfFault({ id, expected, isFound, foundBy }: FaultResult): string[] {
  if (isFound) return [];
  const wanted = expected.join(', ') || 'some requirement';
  if (foundBy.length === 0) return [`fault ${id}: survives; expected ${wanted} to find it`];
  return [`fault ${id}: expected ${wanted} to find it, but only ${foundBy.join(', ')} did`];
}

function problemsOfControl({ id, verdict, findings, isAlarm, missed }: ControlResult): string[] {
  const alarm = `control ${id}: a false alarm: ${verdict}, by ${findings.join(', ') || 'no requirement'}`;
  return [
    ...(isAlarm ? [alarm] : []),
    ...missed.map((requirement) => `control ${id}: expected a warning of ${requirement}, and none came`),
  ];
}

function problemsOfRequirements(proofs: readonly RequirementProof[], equivalents: readonly Equivalent[]): string[] {
  const listed = new Set(equivalents.map(({ requirement }) => requirement));
  const lacking = proofs.filter(({ level, alone }) => level === 'MUST' && alone === 0);
  const unlisted = lacking.filter(({ requirement }) => !listed.has(requirement));
  const stale = [...listed].filter((id) => !lacking.some(({ requirement }) => requirement === id));
  return [
    ...unlisted.map(
      ({ requirement }) =>
        `requirement ${requirement}: no fault is found by it alone: add one, or say in equivalents.yaml why there is none`,
    ),
    ...stale.map((id) => `requirement ${id}: has a fault that only it finds: take it out of equivalents.yaml`),
  ];
}

function problemOfWitness({ requirement, check, fault }: Witness): string[] {
  return fault === undefined ? [`check ${requirement}: no fault is found by "${check}" alone: add one`] : [];
}
