import process from 'node:process';
import { outliveParent } from './parent-process.ts';

/** What asks a process to end: Ctrl-C, a supervisor, a terminal that is closed. */
const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** For how long the same Ctrl-C may come again, in milliseconds: from the terminal, and from npm, which forwards it. */
const repetition = 500;

/**
 * Runs a task that a signal ends early, so that what it found is reported. A second signal ends the process at once.
 *
 * @param task - Is given what aborts at the first signal.
 */
export async function interruptible<Result>(
  task: (signal: AbortSignal) => Promise<Result>,
  output: { write(text: string): unknown },
): Promise<Result> {
  const interruption = new AbortController();
  let interruptedAt: number | undefined;
  const interrupt = (signal: NodeJS.Signals) => {
    if (interruptedAt !== undefined) {
      if (performance.now() - interruptedAt < repetition) return;
      signals.forEach((each) => process.off(each, interrupt));
      process.kill(process.pid, signal);
      return;
    }
    interruptedAt = performance.now();
    outliveParent();
    output.write(`Interrupted by ${signal}: calls are ended and the report is made; once more to leave at once.\n`);
    interruption.abort();
  };
  signals.forEach((signal) => process.on(signal, interrupt));
  try {
    return await task(interruption.signal);
  } finally {
    signals.forEach((signal) => process.off(signal, interrupt));
  }
}
