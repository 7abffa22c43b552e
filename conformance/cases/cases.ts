import { exampleFixture, type Fixture } from '../call/fixture.ts';
import type { Requirement } from '../contract/requirements.ts';
import { controlCase, type Case } from './case.ts';
import { derivedRows } from './derived.ts';
import { operationCases } from './operations.ts';
import { controlTransfer } from './plan.ts';
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
import { unknownRows } from './scenarios/unknown.ts';
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
  return sortByPhase([
    ...readingCases(suite),
    ...notationCases(suite),
    ...[...rows, ...branches].flatMap((row) => refusedCases(suite, row, control, complete)),
    ...operationCases(suite, complete),
    // Transfers at once come after it.
    sameTransferTwice(suite),
    ...effectCases(suite),
    ...doorCases(suite),
    ...transferCases(suite),
    ...repeatedCases(suite),
    ...bulkCases(suite),
  ]);
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
