import type { CaseResult, CheckResult } from './result.ts';

/** What a search comes to. */
export type Finding = Pick<
  CaseResult,
  'verdict' | 'reason' | 'cutShort' | 'answers' | 'accepted' | 'checks' | 'exchanges'
>;

/** How many requests may go into making a failing value smaller. */
const longestSearch = 150;

/**
 * What is known so far about the generated values of one case. What breaks the case's own requirement is made smaller at
 * once; what breaks another one, as every refusal of a server may do, only if nothing else is found.
 */
export class FuzzSearch {
  /** How many values were tried until one failed. */
  tried = 0;
  /** How often a failing value was made smaller. */
  steps = 0;
  readonly #requirement: string;
  readonly #answers = new Set<string>();
  #checks: readonly CheckResult[] = [];
  #smallest: CaseResult | undefined;
  #unreached: CaseResult | undefined;
  /** The first value that breaks another requirement, and how many values come before it. */
  #beside: { readonly result: CaseResult; readonly before: number } | undefined;
  /** How many values are passed over on the way back to it. */
  #passedOver: number | undefined;
  #searched = 0;

  constructor(requirement: string) {
    this.#requirement = requirement;
  }

  /** Whether further values cannot tell anything any more. */
  get isOver(): boolean {
    return this.#smallest !== undefined || (this.#unreached !== undefined && this.#passedOver === undefined);
  }

  /** Whether a value passes, and the search goes on; what it sends is left out where that cannot tell anything any more. */
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

  /** Goes back to a value that broke another requirement, if nothing else was found: the same values come again. */
  returnToFailure(): boolean {
    if (this.#smallest !== undefined || this.#beside === undefined) return false;
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
    const isWorse = verdict === 'fail' && this.#beside?.result.verdict !== 'fail';
    if (isWorse || (verdict === 'warn' && this.#beside === undefined)) this.#beside = { result, before: this.tried };
    this.tried++;
    this.#checks = checks.map((check, index) => betterOf(this.#checks[index], check));
    answers.forEach((answer) => this.#answers.add(answer));
  }

  #passesOver(): boolean {
    if (this.#beside === undefined || this.#passedOver === undefined) return true;
    if (this.#passedOver++ < this.#beside.before) return true;
    this.#smallest = this.#beside.result;
    return false;
  }

  /** A smaller value counts only if it breaks all that the larger one broke: another fault is another matter. */
  #passesSmaller(result: CaseResult, smallest: CaseResult): boolean {
    if (result.verdict !== smallest.verdict || !violatedBy(smallest).isSubsetOf(violatedBy(result))) return true;
    this.#smallest = result;
    this.steps++;
    return false;
  }
}

/** The outcome that says more, of a check that was met, or that nothing gave occasion to. */
function betterOf(before: CheckResult | undefined, now: CheckResult): CheckResult {
  return before?.outcome === 'met' ? before : now;
}

function violatedBy({ checks }: CaseResult): Set<string> {
  return new Set(checks.filter(({ outcome }) => outcome === 'violated').map(({ requirement }) => requirement));
}
