import { allCases } from '../../conformance/cases/cases.ts';
import type { Suite } from '../../conformance/cases/suite.ts';
import type { KnownList } from '../../conformance/report/known-failures.ts';
import { withKnown } from '../../conformance/report/known.ts';
import { judge, type Outcome } from '../../conformance/report/verdict.ts';
import type { CaseResult } from '../../conformance/run/result.ts';

/** How a run is judged. */
export interface RunJudgement {
  readonly profiles: readonly string[];
  readonly strict: boolean;
  readonly only: readonly string[];
  /** Whether only a shard of them was run. */
  readonly isShard?: boolean;
  /** The failures that are known, if a list of them was given. */
  readonly known: KnownList | undefined;
}

/** What a run says about its target, and what became of the failures that are known. */
export function judgeRun(
  suite: Suite,
  results: readonly CaseResult[],
  { profiles, strict, only, isShard = false, known }: RunJudgement,
): Outcome {
  const outcome = judge(suite.requirements, results, { profiles, strict, partial: isShard || only.length > 0 });
  if (known === undefined) return outcome;
  const cases = allCases(suite, {});
  const ids = new Set([...suite.requirements, ...cases].map(({ id }) => id));
  const ofProfiles = new Set(
    suite.requirements.filter(({ profile }) => profiles.includes(profile)).map(({ id }) => id),
  );
  const run = new Set(results.map(({ id }) => id));
  const left = cases.filter(({ id, requirement }) => ofProfiles.has(requirement) && !run.has(id));
  const incomplete = new Set(left.flatMap(({ checks }) => checks.map(({ requirement }) => requirement)));
  return withKnown(outcome, known, { today: new Date().toISOString().slice(0, 10), ids, incomplete });
}
