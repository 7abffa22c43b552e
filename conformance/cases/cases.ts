import { exampleFixture, type Fixture } from '../call/fixture.ts';
import type { Constraint } from '../contract/constraints.ts';
import { asObject, type JsonValue } from '../contract/json.ts';
import type { Requirement } from '../contract/requirements.ts';
import { controlCase, type Case } from './case.ts';
import { derivedRows } from './derived.ts';
import { operationCases } from './operations.ts';
import { bodyObject, controlTransfer, type RequestPlan } from './plan.ts';
import { authorizationRows } from './scenarios/authorization.ts';
import { bodyRows } from './scenarios/bodies.ts';
import { branchRows } from './scenarios/branches.ts';
import { bulkCases } from './scenarios/bulk.ts';
import { doorCases } from './scenarios/doors.ts';
import { effectCases } from './scenarios/effects.ts';
import { identityRows } from './scenarios/identity.ts';
import { notationCases } from './scenarios/notation.ts';
import { readingCases } from './scenarios/reading.ts';
import { repeatedCases, sameTransferTwice, transferCases } from './scenarios/transfers.ts';
import { surplusSegmentCase, unknownRows } from './scenarios/unknown.ts';
import { refusedCases, type Suite } from './suite.ts';

/**
 * Returns all cases of a suite in the order in which they run: first what must be refused while the call stays where it
 * is; then readings, during the grace period for late effects; transfers last.
 */
export function allCases(suite: Suite, fixture: Partial<Fixture>): Case[] {
  const complete = { ...exampleFixture(suite.contract), ...fixture };
  const control = controlTransfer(suite, complete, complete.sendTo[0] ?? '');
  const rows = [
    ...derivedRows(suite, control),
    ...unknownRows(suite),
    ...identityRows(suite),
    ...bodyRows(suite),
    ...authorizationRows(suite),
  ];
  const branches = branchRows(suite, rows, control, complete);
  const all = [
    ...readingCases(suite),
    ...notationCases(suite),
    ...[...rows, ...branches].flatMap((row) => refusedCases(suite, row, control, complete)),
    surplusSegmentCase(suite),
    // Transfers at once come after it.
    sameTransferTwice(suite),
    ...effectCases(suite),
    ...doorCases(suite),
    ...transferCases(suite),
    ...repeatedCases(suite),
    ...bulkCases(suite),
  ];
  return sortByPhase([...markUnfit(suite, all, control, complete), ...operationCases(suite, complete)]);
}

/**
 * Lets a case need another contract if this one allows what the case claims to break, or does not allow what else it sends:
 * an alias of a User where there is none, for example. Values that the contract's own patterns make always fit.
 */
function markUnfit({ constraints, validate }: Suite, cases: Case[], control: RequestPlan, fixture: Fixture): Case[] {
  const known = new Map<string, boolean>();
  const isBroken = ({ name, schemaPointer }: Constraint, value: JsonValue): boolean => {
    const key = `${name} ${JSON.stringify(value)}`;
    const broken = known.get(key) ?? validate(schemaPointer, value).length > 0;
    known.set(key, broken);
    return broken;
  };
  const fits = (plan: RequestPlan, breaks: readonly string[]): boolean =>
    constraints.every((constraint) => {
      const { place, name } = constraint;
      const values = place === 'path' ? plan.path : place === 'body' ? asObject(bodyObject(plan)) : {};
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      const isWritten = value === undefined || (place === 'path' && plan.rawSuffix?.[name] !== undefined);
      return isWritten || isBroken(constraint, value) === breaks.includes(`${place}/${name}`);
    });
  return cases.map((each) => {
    const isFit = each.send(control, fixture, []).every((plan) => fits(plan, each.breaks));
    return isFit ? each : { ...each, needs: [...each.needs, 'other contract'] };
  });
}

/** Sorts cases by what they do to the call, and leaves them in their order otherwise. */
export function sortByPhase<Any extends Pick<Case, 'id' | 'effect'>>(cases: readonly Any[]): Any[] {
  return cases.toSorted((one, other) => phase(one) - phase(other));
}

function phase({ id, effect }: Pick<Case, 'id' | 'effect'>): number {
  // If a transfer uses up the only call, it must be that of the refusals' control.
  return ['keeps', 'watches', 'reads', controlCase, 'moves', 'moves all', 'ends'].indexOf(
    id === controlCase ? id : effect,
  );
}

/** A requirement, and the cases that prove it. */
export interface RegisterRow {
  readonly requirement: Requirement;
  /** The ids of the cases that exist for it. */
  readonly cases: readonly string[];
  /** The number of further cases that prove it along the way. */
  readonly alongTheWay: number;
}

/** Returns a row for each requirement of a suite, with those of some cases that prove it. */
export function registerRows(
  suite: Suite,
  cases: readonly Pick<Case, 'id' | 'requirement' | 'checks'>[],
): RegisterRow[] {
  return suite.requirements.map((requirement) => {
    const { id } = requirement;
    const proofs = cases.filter(({ checks }) => checks.some((check) => check.requirement === id));
    const own = cases.filter((testCase) => testCase.requirement === id).map((testCase) => testCase.id);
    return { requirement, cases: own, alongTheWay: proofs.filter((proof) => proof.requirement !== id).length };
  });
}
