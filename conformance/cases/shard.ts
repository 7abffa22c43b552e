import { controlCase, type Case } from './case.ts';

/** One of several parts that the cases of a run are split into, each for a process of its own. */
export interface Shard {
  /** Its number, from 1. */
  readonly index: number;
  /** How many parts there are. */
  readonly count: number;
}

/**
 * The cases of a shard, in their order. They are dealt out one by one, so that each shard has as many of each phase as
 * the others, but for those that tell something of the other cases of their process: each shard has them.
 */
export function casesOfShard<Any extends Pick<Case, 'id' | 'effect'>>(
  cases: readonly Any[],
  shard: Shard | undefined,
): Any[] {
  if (shard === undefined) return [...cases];
  const { index, count } = shard;
  const own = new Set(
    cases.filter((testCase) => !isInEach(testCase)).filter((_, place) => place % count === index - 1),
  );
  return cases.filter((testCase) => isInEach(testCase) || own.has(testCase));
}

/** Whether each shard has a case: the control that its refusals are held against, and what watches what they did. */
export function isInEach({ id, effect }: Pick<Case, 'id' | 'effect'>): boolean {
  return id === controlCase || effect === 'watches';
}
