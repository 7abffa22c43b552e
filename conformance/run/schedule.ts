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
 * of refusals are watched while calls are read. Transfers of one call wait for each other at its lock.
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
    .map(({ effects, ...group }) => ({ ...group, cases: cases.filter(({ effect }) => effects.includes(effect)) }))
    .filter((group) => group.cases.length > 0);
}

/** Runs cases in their groups without vitest, and returns their results in the order of the groups. */
export async function runCases(
  run: Run,
  cases: readonly (Case | FuzzCase)[],
  atOnce: number = casesAtOnce,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const group of groupCases(cases)) {
    const slots = new Semaphore(group.sideBySide ? atOnce : 1);
    results.push(...(await Promise.all(group.cases.map((each) => slots.use(() => run.execute(each))))));
  }
  return results;
}

/** Lets a bounded number of tasks run at once, in the order in which they come. */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Runs a task when there is a place for it.
   *
   * @param isNext - True if it gets the next place, before all that wait.
   */
  async use<Result>(task: () => Promise<Result>, isNext = false): Promise<Result> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((enter) => (isNext ? this.#waiting.unshift(enter) : this.#waiting.push(enter)));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

/** Lets tasks on one call run together, or one alone, in the order in which they come. */
export class CallLock {
  #inside = 0;
  #isAlone = false;
  readonly #waiting: { readonly alone: boolean; readonly enter: () => void }[] = [];

  /** Runs a task together with others that admit it. */
  together<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#pass(false, task);
  }

  /** Runs a task once all before it have ended, and no other until it has ended. */
  alone<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#pass(true, task);
  }

  async #pass<Result>(alone: boolean, task: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ alone, enter });
      this.#admit();
    });
    try {
      return await task();
    } finally {
      this.#inside--;
      this.#isAlone = false;
      this.#admit();
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#isAlone || (next.alone && this.#inside > 0)) return;
      this.#waiting.shift();
      this.#inside++;
      this.#isAlone = next.alone;
      next.enter();
    }
  }
}
