import { fileURLToPath } from 'node:url';
import type { ConformanceInput } from '../suite-input.ts';
import { inTime } from '../target/in-time.ts';
import { InputError } from '../contract/input-error.ts';
import type { SuiteThread } from './suite-thread.ts';
import type { Preparation } from './suite-worker.ts';

/** How long a run with a source of calls may take to be prepared, in milliseconds: the source itself has half of it. */
const longestPreparation = 20_000;

/**
 * Prepares a run in the suite's thread. Who loads a source of calls there limits its time, but to no avail where the
 * module never lets go of the thread.
 *
 * @param limit - How long that may take with a source of calls, in milliseconds.
 * @throws Error with one line, if the run cannot be prepared, or not in time.
 */
export async function prepareInTime(
  thread: Pick<SuiteThread, 'prepare'>,
  input: ConformanceInput,
  limit = longestPreparation,
): Promise<Preparation> {
  if (input.calls === undefined) return thread.prepare(input);
  const file = fileURLToPath(input.calls);
  const tooLate = () =>
    new InputError(
      `The call source ${file} cannot be loaded: it kept its thread busy for ${limit} ms; see what it does when it is loaded, an endless loop perhaps.`,
    );
  return inTime(thread.prepare(input), limit, tooLate);
}
