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
 * the others, but for the control that refusals are held against: each shard has it.
 */
export function casesOfShard<Any extends Pick<Case, 'id'>>(cases: readonly Any[], shard: Shard | undefined): Any[] {
  if (shard === undefined) return [...cases];
  const { index, count } = shard;
  const dealt = cases.filter(({ id }) => id !== controlCase);
  const own = new Set(dealt.filter((_, place) => place % count === index - 1));
  return cases.filter((testCase) => testCase.id === controlCase || own.has(testCase));
}
