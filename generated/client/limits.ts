// Copied from scripts/generate/client/limits.ts; change it there.
/** The longest time that the timers of every platform can wait; a longer one would be over at once. */
const longestTimer = 2 ** 31 - 1;

/** The limits that end a promise early. */
export interface Limits<Result> {
  /** In milliseconds; none if false. */
  readonly timeout: number | false;
  /** Settles the promise when the time is up. */
  readonly late: (resolve: (result: Result) => void, reject: (error: unknown) => void) => void;
  /** Rejects the promise with its reason, which may be any value. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs something until it ends, its time is up or a signal is aborted, whichever comes first. The promise settles then
 * even if what runs does not heed the signal that it is given. No timer and no listener is left behind.
 */
export async function runWithin<Result>(
  run: (ended: AbortSignal) => Promise<Result>,
  { timeout, late, signal }: Limits<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let stopWaiting = (): void => undefined;
  const ended = new Promise<Result>((resolve, reject) => {
    const abort = (): void => reject(signal?.reason);
    const timer =
      timeout === false ? undefined : setTimeout(() => late(resolve, reject), Math.min(timeout, longestTimer));
    signal?.addEventListener('abort', abort);
    stopWaiting = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([run(controller.signal), ended]);
  } catch (error) {
    controller.abort(error);
    throw error;
  } finally {
    stopWaiting();
  }
}

/** Waits, or rejects with the reason of a signal that is aborted meanwhile. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  const never = new Promise<void>(() => undefined);
  return runWithin(() => never, { timeout: milliseconds, late: (resolve) => resolve(), signal });
}

/** Returns the milliseconds that a Retry-After header asks to wait, in seconds or as a date in any form of RFC 9110. */
export function readRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 08:49:37 GMT, or Sun Nov  6 08:49:37 1994
  const [, first, second, third, fourth, zone] = value.match(/[\w:]+/g) ?? [];
  const [day, month, written, time] = zone === 'GMT' ? [first, second, third, fourth] : [second, first, fourth, third];
  const date = Date.parse(`${day} ${month} ${fullYear(written, now)} ${time} GMT`);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Completes a year of two digits, which is at most 50 years ahead (RFC 9110 section 5.6.7). */
function fullYear(written: string | undefined, now: number): number {
  if (written?.length !== 2) return Number(written);
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(written);
  return year > thisYear + 50 ? year - 100 : year;
}
