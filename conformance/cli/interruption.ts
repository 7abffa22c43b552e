import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { prepareInterruption } from '../run/interruption.ts';
import { outliveParent } from './parent-process.ts';

/** What asks a process to end: Ctrl-C, a supervisor, a terminal that is closed. */
const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** For how long the same Ctrl-C may come again, in milliseconds: from the terminal, and from npm, which forwards it. */
const repetition = 500;

/**
 * Runs a task that a signal ends early, so that what it found is reported. A second signal ends the process at once, as
 * if nobody listened.
 *
 * @param task - Is given the channel on which its run is told to end.
 */
export async function interruptible<Result>(
  task: (channel: string) => Promise<Result>,
  output: { write(text: string): unknown },
): Promise<Result> {
  const channel = randomUUID();
  const interruption = prepareInterruption(channel);
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
    interruption.interrupt();
  };
  // Vitest ends the process when it sees a signal, before anything is reported.
  const forgetOthers = (name: string | symbol, listener: (...received: unknown[]) => void) => {
    if (listener !== interrupt && signals.some((signal) => signal === name)) {
      queueMicrotask(() => process.off(name, listener));
    }
  };
  signals.forEach((signal) => process.on(signal, interrupt));
  process.on('newListener', forgetOthers);
  try {
    return await task(channel);
  } finally {
    process.off('newListener', forgetOthers);
    signals.forEach((signal) => process.off(signal, interrupt));
    interruption.close();
  }
}
