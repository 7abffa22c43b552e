import type { Case, Effect } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import type { Run } from './execute.ts';
import type { CaseResult } from './result.ts';

/** More than requests under way at once, since cases wait for their turn and for each other's readings. */
export const casesAtOnce = 64;

/** Cases that follow on those of the group before, once all of them have ended. */
export interface CaseGroup {
  readonly name: string;
  readonly cases: readonly (Case | FuzzCase)[];
  /** False if they are run one after the other. */
  readonly sideBySide: boolean;
}

/**
 * The groups in their order: a case that finds the call moved or used up by another one would say nothing. Late effects
 * of refusals are watched while calls are read; those without authorization come first, since they are watched longest.
 * Transfers of one call wait for each other at its lock.
 */
const groups: readonly { readonly name: string; readonly effects: readonly Effect[]; readonly sideBySide: boolean }[] =
  [
    { name: 'refusals', effects: ['keeps'], sideBySide: true },
    { name: 'readings', effects: ['watches', 'reads'], sideBySide: true },
    { name: 'transfers', effects: ['moves'], sideBySide: true },
    { name: 'transfers of all calls', effects: ['moves all'], sideBySide: false },
    { name: 'the end', effects: ['ends'], sideBySide: false },
  ];

/** Returns the groups of cases that have any, in the order in which they are run. */
export function groupCases(cases: readonly (Case | FuzzCase)[]): CaseGroup[] {
  return groups
    .map(({ effects, ...group }) => {
      const own = cases.filter(({ effect }) => effects.includes(effect));
      return { ...group, cases: [...own.filter(isUnauthorized), ...own.filter((one) => !isUnauthorized(one))] };
    })
    .filter((group) => group.cases.length > 0);
}

/** Tells whether the requests of a case are refused for want of authorization, and would move the call if they were not. */
export function isUnauthorized({ effect, breaks }: Case | FuzzCase): boolean {
  return effect === 'keeps' && breaks.includes('authorization');
}

/** Runs cases in their groups without vitest, and returns their results in the order of the groups. */
export async function runCases(
  run: Run,
  cases: readonly (Case | FuzzCase)[],
  atOnce: number = casesAtOnce,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const group of groupCases(cases)) {
    const slots = new Gate(group.sideBySide ? atOnce : 1);
    results.push(...(await Promise.all(group.cases.map((each) => slots.use(() => run.execute(each))))));
  }
  return results;
}

/** Lets tasks run at once as far as there is room for them, in the order in which they come. */
export class Gate {
  readonly #size: number;
  #taken = 0;
  readonly #waiting: { readonly room: number; readonly enter: () => void }[] = [];

  /** @param size - The number of tasks that may run at once; without bounds if left out. */
  constructor(size: number = Number.MAX_SAFE_INTEGER) {
    this.#size = size;
  }

  /**
   * Runs a task when there is room for it.
   *
   * @param isNext - True if it comes before all that wait.
   */
  use<Result>(task: () => Promise<Result>, isNext = false): Promise<Result> {
    return this.#pass(task, 1, isNext);
  }

  /** Runs a task once all before it have ended, and no other until it has ended. */
  alone<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#pass(task, this.#size, false);
  }

  async #pass<Result>(task: () => Promise<Result>, room: number, isNext: boolean): Promise<Result> {
    if (this.#waiting.length > 0 || this.#taken + room > this.#size) {
      await new Promise<void>((enter) => this.#waiting[isNext ? 'unshift' : 'push']({ room, enter }));
    } else this.#taken += room;
    try {
      return await task();
    } finally {
      this.#taken -= room;
      for (let next = this.#waiting[0]; next && this.#taken + next.room <= this.#size; next = this.#waiting[0]) {
        this.#waiting.shift();
        this.#taken += next.room;
        next.enter();
      }
    }
  }
}
