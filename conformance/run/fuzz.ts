import fc from 'fast-check';
import type { Case } from '../cases/case.ts';
import type { FuzzCase } from '../cases/fuzz.ts';
import type { CaseResult, CheckResult } from './result.ts';

/** Runs one case. Never throws. */
type Attempt = (testCase: Case) => Promise<CaseResult>;

/** Tries the generated values of a case, and shrinks the one that fails. */
export async function runFuzzCase(fuzzCase: FuzzCase, attempt: Attempt): Promise<CaseResult> {
  const started = performance.now();
  const { id, requirement, title, control, batches, seed, recipes } = fuzzCase;
  const search = new FuzzSearch(requirement);
  const send = (recipe: Case['send']) => attempt({ ...fuzzCase, send: recipe });
  const property = fc.asyncProperty(recipes, async (recipe) => {
    fc.pre(recipe !== undefined);
    return search.passes(() => send(recipe));
  });
  const checkAll = async () => {
    for (const { seed: own, count } of batches) {
      if (!search.isOver) await fc.check(property, { seed: own, numRuns: count });
    }
  };
  await checkAll();
  if (search.returnToFailure()) await checkAll();
  const fuzz = { seed, tried: search.tried, steps: search.steps };
  return { id, requirement, title, control, ...search.result, duration: performance.now() - started, fuzz };
}

/** The outcome of a search. */
export type Finding = Pick<
  CaseResult,
  'verdict' | 'reason' | 'cutShort' | 'answers' | 'accepted' | 'checks' | 'exchanges'
>;

/** The most requests that are spent on shrinking a failing value. */
const longestSearch = 150;

/**
 * Searches the generated values of a case for one that fails. A value that breaks the requirement of the case is shrunk
 * at once. One that breaks another requirement, as every refusal of a server may do, is shrunk only if nothing else fails.
 */
export class FuzzSearch {
  /** The number of values that were tried until one failed. */
  tried = 0;
  /** The number of times that a failing value was shrunk. */
  steps = 0;
  readonly #requirement: string;
  readonly #answers = new Set<string>();
  #checks: readonly CheckResult[] = [];
  #smallest: CaseResult | undefined;
  #unreached: CaseResult | undefined;
  /** The first value that breaks another requirement, and the number of values before it. */
  #elsewhere: { readonly result: CaseResult; readonly before: number } | undefined;
  /** The number of values that are skipped on the way back to it. */
  #passedOver: number | undefined;
  #searched = 0;

  constructor(requirement: string) {
    this.#requirement = requirement;
  }

  /** True if further values cannot change the outcome. */
  get isOver(): boolean {
    return this.#smallest !== undefined || (this.#unreached !== undefined && this.#passedOver === undefined);
  }

  /** Returns true if the search goes on after a value; sends it only where its answer can still matter. */
  async passes(attempt: () => Promise<CaseResult>): Promise<boolean> {
    if (this.#smallest !== undefined) {
      return this.#searched++ >= longestSearch || this.#passesSmaller(await attempt(), this.#smallest);
    }
    if (this.#passedOver !== undefined) return this.#passesOver();
    if (this.#unreached !== undefined) return true;
    const result = await attempt();
    if (result.verdict === 'unreached') this.#unreached = result;
    else this.#note(result);
    return this.#smallest === undefined;
  }

  /** Prepares a second pass over the same values, if only another requirement was broken. Returns false otherwise. */
  returnToFailure(): boolean {
    if (this.#smallest !== undefined || this.#elsewhere === undefined) return false;
    this.#passedOver = 0;
    return true;
  }

  get result(): Finding {
    const result: Finding = this.#smallest ?? this.#unreached ?? this.#passed;
    const { verdict, reason, cutShort, answers, accepted, checks, exchanges } = result;
    return { verdict, reason, ...(cutShort && { cutShort }), answers, accepted, checks, exchanges };
  }

  get #passed(): Finding {
    const verdict = this.#checks.some(({ outcome }) => outcome === 'met') ? 'pass' : 'not applicable';
    const reason = this.tried === 0 ? 'no value could be generated that may be sent' : undefined;
    return { verdict, reason, answers: [...this.#answers], accepted: false, checks: this.#checks, exchanges: [] };
  }

  #note(result: CaseResult): void {
    const { verdict, checks, answers } = result;
    if (verdict === 'error' || (verdict === 'fail' && violatedBy(result).has(this.#requirement)))
      this.#smallest = result;
    const isWorse = verdict === 'fail' && this.#elsewhere?.result.verdict !== 'fail';
    if (isWorse || (verdict === 'warn' && this.#elsewhere === undefined))
      this.#elsewhere = { result, before: this.tried };
    this.tried++;
    this.#checks = checks.map((check, index) => betterOf(this.#checks[index], check));
    answers.forEach((answer) => this.#answers.add(answer));
  }

  #passesOver(): boolean {
    if (this.#elsewhere === undefined || this.#passedOver === undefined) return true;
    if (this.#passedOver++ < this.#elsewhere.before) return true;
    this.#smallest = this.#elsewhere.result;
    return false;
  }

  /** A smaller value counts only if it breaks all that the larger one broke; otherwise it shows another fault. */
  #passesSmaller(result: CaseResult, smallest: CaseResult): boolean {
    if (result.verdict !== smallest.verdict || !violatedBy(smallest).isSubsetOf(violatedBy(result))) return true;
    this.#smallest = result;
    this.steps++;
    return false;
  }
}

/** Returns the more informative of two results of a check: one that was met. */
function betterOf(before: CheckResult | undefined, now: CheckResult): CheckResult {
  return before?.outcome === 'met' ? before : now;
}

function violatedBy({ checks }: CaseResult): Set<string> {
  return new Set(checks.filter(({ outcome }) => outcome === 'violated').map(({ requirement }) => requirement));
}
