import type { Case } from '../cases/case.ts';
import { isInEveryShard, type Shard } from '../cases/select.ts';
import { InputError } from '../contract/input-error.ts';
import type { ConformanceOptions } from './run-options.ts';

/**
 * Asserts that a run may be split.
 *
 * @throws InputError with one line, if its shards would not be parts of one run.
 */
export function assertShardable({
  shard: named,
  fuzz = 0,
  seed,
  selfCheck = false,
}: Pick<ConformanceOptions, 'shard' | 'fuzz' | 'seed' | 'selfCheck'>): void {
  if (named === undefined) return;
  if (fuzz > 0 && seed === undefined) {
    throw new InputError(`--shard ${named} with --fuzz ${fuzz}: name the same --seed for all shards.`);
  }
  if (selfCheck) {
    throw new InputError(`--shard ${named} and --self-check exclude each other: it takes the answers of all cases.`);
  }
}

/**
 * Asserts that there is something in a shard that the others have not.
 *
 * @throws InputError with one line, if there are more shards than cases.
 */
export function assertShardHasCases(named: Shard | undefined, cases: readonly Pick<Case, 'id' | 'effect'>[]): void {
  const dealt = cases.filter((testCase) => !isInEveryShard(testCase)).length;
  if (named === undefined || named.count <= Math.max(dealt, 1)) return;
  const { index, count } = named;
  throw new InputError(`--shard ${index}/${count}: the run has too few cases: expected a COUNT of at most ${dealt}.`);
}
