import type { CaseResult } from '../run/result.ts';
import { unreachable } from '../run/traffic.ts';
import { InputError } from '../contract/input-error.ts';

/**
 * Asserts that a target answered anything at all: a proxy may refuse only what is sent through it, and a server ask for
 * a client's certificate only when it is sent something.
 *
 * @throws InputError that says why the target was never reached.
 */
export function assertReached(results: readonly Pick<CaseResult, 'answers' | 'reason'>[]): void {
  if (results.some(({ answers }) => answers.length > 0)) return;
  const reason = results.find((result) => result.reason?.startsWith(unreachable))?.reason;
  if (reason !== undefined) throw new InputError(`Nothing was verified: ${reason.replace(' any more', '')}.`);
}
