import { allCases } from '../cases/cases.ts';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import type { KnownList } from './known-failures.ts';
import { withKnown } from './known.ts';
import type { Outcome } from './verdict.ts';

/** An outcome in which what is known to fail is not held against the target, as of today. */
export function withoutKnown(outcome: Outcome, known: KnownList, profiles: readonly string[]): Outcome {
  const suite = createSuite(readContract(), readRequirements());
  const cases = allCases(suite, {});
  const ids = new Set([...suite.requirements, ...cases].map(({ id }) => id));
  const ofProfiles = new Set(
    suite.requirements.filter(({ profile }) => profiles.includes(profile)).map(({ id }) => id),
  );
  const run = new Set(outcome.cases.map(({ id }) => id));
  const left = cases.filter(({ id, requirement }) => ofProfiles.has(requirement) && !run.has(id));
  const incomplete = new Set(left.flatMap(({ checks }) => checks.map(({ requirement }) => requirement)));
  return withKnown(outcome, known, { today: new Date().toISOString().slice(0, 10), ids, incomplete });
}
