import type { Violation } from '../checks/check.ts';
import type { Exchange } from '../target/exchange.ts';

/** The verdict on a case. `not applicable`: none of its checks had an object. */
export type CaseVerdict = 'pass' | 'fail' | 'warn' | 'unreached' | 'error' | 'not applicable';

/** A violation, and which of the case's exchanges it was found in. */
export interface CaseViolation extends Violation {
  /** The place of the exchange in the case's list; the first, if left out. */
  readonly exchange?: number;
}

/** The result of one check of a case. */
export interface CheckResult {
  readonly check: string;
  readonly requirement: string;
  readonly looksAt?: 'calls' | undefined;
  readonly outcome: 'met' | 'violated' | 'not applicable';
  readonly violations: readonly CaseViolation[];
  /** The number of violations that are left out, if there are more than twenty of an answer. */
  readonly left?: number;
}

/** The result of a case, with what was sent and received. Serialisable, and free of secrets. */
export interface CaseResult {
  readonly id: string;
  readonly requirement: string;
  readonly title: string;
  readonly verdict: CaseVerdict;
  /** The reason why the case is unreached or an error of the suite. */
  readonly reason: string | undefined;
  /** True if the run ended before the case did, so that its verdict is unknown. */
  readonly cutShort?: true;
  /** The case that must have been accepted for this one to prove anything. */
  readonly control: string | undefined;
  /** The answer to each request, `400 pc_sendcallto_invalid` for example. */
  readonly answers: readonly string[];
  /** True if every request was answered with a success. */
  readonly accepted: boolean;
  readonly checks: readonly CheckResult[];
  readonly exchanges: readonly Exchange[];
  /**
   * The way in which values were generated, if they were. The result is then that of the smallest value that failed.
   */
  readonly fuzz?: FuzzResult;
  /** In milliseconds. */
  readonly duration: number;
}

/** The way in which the values of a case were generated. */
export interface FuzzResult {
  /** The seed that the run was given. */
  readonly seed: number;
  /** The number of values that were tried until one failed. */
  readonly tried: number;
  /** The number of times that the value that failed was made smaller. */
  readonly steps: number;
}

/** Returns the remark on a run that ended early, if it did: why, and how many cases it left unfinished. */
export function unfinishedRemarks(results: readonly Pick<CaseResult, 'cutShort' | 'reason'>[]): string[] {
  const unfinished = results.filter(({ cutShort }) => cutShort === true);
  if (unfinished[0] === undefined) return [];
  return [`${unfinished[0].reason}, and cases left unfinished: ${unfinished.length}`];
}
