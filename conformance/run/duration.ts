import { CutShort } from './interruption.ts';

/**
 * Aborts when another signal does, or when a run took too long.
 *
 * @param maxDuration - How long it may take, in milliseconds; as long as it wants, if left out.
 */
export function cutShortAfter(maxDuration: number | undefined, other?: AbortSignal): AbortSignal | undefined {
  if (maxDuration === undefined) return other;
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new CutShort(`the run was ended after ${maxDuration / 1000} s, its time limit`));
  }, maxDuration);
  timer.unref();
  other?.addEventListener('abort', () => controller.abort(other.reason), { once: true });
  return controller.signal;
}
