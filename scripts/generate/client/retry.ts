import { NetworkError, TimedOutError, UnexpectedAnswerError } from './errors.ts';

const firstPause = 200;

/** Repeats what changes nothing on the server while no answer of the server itself comes, in growing intervals. */
export async function retry<Result>(
  send: () => Promise<Result>,
  { times, signal }: { readonly times: number; readonly signal: AbortSignal | undefined },
): Promise<Result> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await send();
    } catch (error) {
      if (failures >= times || !isPassing(error)) throw error;
      await pause(firstPause * 2 ** failures, signal);
    }
  }
}

/** Statuses of 500 and above that the contract does not have are those of gateways (RFC 9110 section 15.6). */
function isPassing(error: unknown): boolean {
  if (error instanceof UnexpectedAnswerError) return error.status >= 500 && error.problems.length === 0;
  return error instanceof NetworkError || error instanceof TimedOutError;
}

/** Ends early when the signal is aborted; the next attempt then tells so. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
