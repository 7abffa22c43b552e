import type { Requirement } from '../contract/requirements.ts';
import type { KnownList } from './known-failures.ts';
import { judge, type Outcome } from './verdict.ts';
import type { CaseResult } from '../run/result.ts';

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

/**
 * What a run says about its target, and what became of the failures that are known.
 *
 * @param requirements - All of them, those of other profiles too.
 */
export async function judgeRun(
  requirements: readonly Requirement[],
  results: readonly CaseResult[],
  { profiles, strict, only, isShard = false, known }: RunJudgement,
): Promise<Outcome> {
  const outcome = judge(requirements, results, { profiles, strict, partial: isShard || only.length > 0 });
  if (known === undefined) return outcome;
  // Which cases there are is not worked out again where nothing depends on it.
  const { withoutKnown } = await import('./without-known.ts');
  return withoutKnown(outcome, known, profiles);
}
