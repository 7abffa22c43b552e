import type { Requirement } from '../../../conformance/contract/requirements.ts';
import type { Check } from '../../../conformance/checks/check.ts';
import { nameSubject, type Subject } from './catalogue.ts';
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
  /** The expected requirements that found it. */
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

/** A fault that nothing but a requirement finds, or nothing but one of its checks. */
export interface Witness {
  readonly requirement: string;
  /** Undefined for the requirement as a whole. */
  readonly check: string | undefined;
  readonly fault: string | undefined;
}

export interface Assessment {
  readonly faults: readonly FaultResult[];
  readonly controls: readonly ControlResult[];
  /** One sentence for each thing to mend. */
  readonly problems: readonly string[];
}

/** Assesses the trials of subjects. An independent server that is right has a second one, of URL and token only. */
export function assess(subjects: readonly Subject[], trials: readonly Trial[]): Assessment {
  const byName = Map.groupBy(trials, nameSubject);
  const faults = subjects.flatMap((subject) =>
    subject.kind === 'fault' ? assessFault(subject, byName.get(nameSubject(subject))?.[0]) : [],
  );
  const controls = subjects.flatMap((subject) =>
    subject.kind === 'control' ? assessControl(subject, byName.get(nameSubject(subject)) ?? []) : [],
  );
  const problems = [
    ...listErrors(trials),
    ...trials
      .filter(({ leaks }) => leaks.length > 0)
      .map((trial) => `${nameSubject(trial)}: the results show the token ${trial.leaks.join(', ')}`),
    ...trials.flatMap((trial) => trial.blamed.map((says) => `${nameSubject(trial)}: Prism's proxy blames ${says}`)),
    ...faults.flatMap(explainFault),
    ...controls.flatMap(explainControl),
  ];
  return { faults, controls, problems };
}

/** Returns a line for each server, with what was found. */
export function describeResults({ faults, controls }: Assessment): string[] {
  return [
    ...faults.map(({ id, foundBy }) => `fault ${id}: ${foundBy.join(', ') || 'not found'}`),
    ...controls.map(({ id, verdict, findings }) => `control ${id}: ${[verdict, ...findings].join(', ')}`),
  ];
}

/** Formats the result in a few words. */
export function summarize({ faults, controls }: Pick<Assessment, 'faults' | 'controls'>): string {
  const found = faults.filter(({ foundBy }) => foundBy.length > 0).length;
  const alarms = controls.filter(({ isAlarm }) => isAlarm).length;
  return `faults found ${found}/${faults.length}, false alarms ${alarms}/${controls.length}`;
}

function assessFault(fault: Subject & { kind: 'fault' }, trial: Trial | undefined): FaultResult {
  const { id, says, requirement } = fault;
  const found = trial?.findings.map((finding) => finding.requirement) ?? [];
  const expected = requirement === undefined ? (trial?.expected ?? []) : [requirement];
  return { id, says, expected, foundBy: expected.filter((one) => found.includes(one)) };
}

function assessControl(control: Subject & { kind: 'control' }, trials: readonly Trial[]): ControlResult {
  const { id, says, implementation, warns = [], ends = 'conforming', isIndependent = false } = control;
  const [trial, bare] = trials;
  const findings = (trial?.findings ?? []).map(({ requirement }) => requirement);
  const verdict = trial?.verdict ?? 'not tried';
  const isBlamed = bare?.verdict === 'not conforming';
  const surplus = isIndependent ? [] : findings.filter((finding) => !warns.includes(finding));
  const isAlarm = verdict !== ends || isBlamed || surplus.length > 0;
  const missed = warns.filter((warning) => !findings.includes(warning));
  const shown = isBlamed ? bare.findings.map(({ requirement }) => `${requirement} with URL and token only`) : findings;
  return { id, says, implementation, verdict, findings: shown, isAlarm, missed };
}

/** Returns each error once, since an error of a case occurs with every server, and often in many cases. */
function listErrors(trials: readonly Trial[]): string[] {
  const errors = trials.flatMap((trial) => trial.errors.map((error) => ({ error, name: nameSubject(trial) })));
  return [...Map.groupBy(errors, ({ error }) => error.replaceAll(error.slice(0, error.indexOf(': ')), '…'))].map(
    ([, [first, ...others]]) => `${first?.name} and ${others.length} more: error of the suite: ${first?.error}`,
  );
}

function explainFault({ id, expected, foundBy }: FaultResult): string[] {
  return foundBy.length > 0
    ? []
    : [`fault ${id}: survives; expected ${expected.join(', ') || 'some requirement'} to find it`];
}

function explainControl({ id, verdict, findings, isAlarm, missed }: ControlResult): string[] {
  const alarm = `control ${id}: a false alarm: ${verdict}, by ${findings.join(', ') || 'no requirement'}`;
  return [
    ...(isAlarm ? [alarm] : []),
    ...missed.map((requirement) => `control ${id}: expected a warning of ${requirement}, and none came`),
  ];
}

/** Explains the requirements and checks without a witness, and the exceptions that have one after all. */
export function explainWitnesses(witnesses: readonly Witness[], { requirements, equivalents }: Proven): string[] {
  const listed = new Set(equivalents.map(({ requirement }) => requirement));
  const musts = new Set(requirements.filter(({ level }) => level === 'MUST').map(({ id }) => id));
  return witnesses.flatMap(({ requirement, check, fault }) => {
    if (check !== undefined)
      return fault === undefined ? [`check ${requirement}: no fault is found by "${check}" alone: add one`] : [];
    if (fault !== undefined)
      return listed.has(requirement)
        ? [`requirement ${requirement}: has a fault that only it finds: take it out of equivalents.yaml`]
        : [];
    return !musts.has(requirement) || listed.has(requirement)
      ? []
      : [
          `requirement ${requirement}: no fault is found by it alone: add one, or say in equivalents.yaml why there is none`,
        ];
  });
}
