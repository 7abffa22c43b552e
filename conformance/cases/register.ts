import type { Case } from './case.ts';
import type { Suite } from './suite.ts';
import type { Requirement } from '../contract/requirements.ts';

/** A requirement, and the cases that prove it. */
export interface RegisterRow {
  readonly requirement: Requirement;
  /** The ids of the cases that exist for it. */
  readonly cases: readonly string[];
  /** How many further cases prove it along the way. */
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
