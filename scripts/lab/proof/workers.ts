import { Worker } from 'node:worker_threads';
import { nameOf, type Subject } from './subjects.ts';
import type { Trial } from './trial.ts';
import type { Report } from './worker.ts';

/** How many servers a worker examines at once: most wait for something most of the time. */
const serversAtOnce = 6;

/** Families of servers that take long to answer, or never do: they are examined first, lest all wait for them at last. */
const slowFamilies = ['protocol', 'transport', 'effects', 'concurrency', 'mock'];

/** What became of all subjects. */
export interface Trials {
  readonly trials: readonly Trial[];
  readonly requests: number;
}

/**
 * Runs the suite against every subject, several at once on each of some threads.
 *
 * @param onTrial - Is told how many are done after each.
 * @throws Error if a thread fails, naming the subjects that it was at.
 */
export async function tryAll(
  some: readonly Subject[],
  threads: number,
  onTrial: (done: number) => void,
): Promise<Trials> {
  const names = some.map(nameOf);
  const reports: Report[] = [];
  const upcoming = names.toSorted((one, other) => slownessOf(other) - slownessOf(one)).values();
  const gather = (report: Report): void => {
    reports.push(report);
    onTrial(reports.length);
  };
  const count = Math.min(threads, Math.ceil(names.length / serversAtOnce));
  await Promise.all(Array.from({ length: count }, () => work(upcoming, gather)));
  const byName = new Map(reports.map(({ trial }) => [nameOf(trial), trial]));
  return {
    trials: names.flatMap((name) => byName.get(name) ?? []),
    requests: reports.reduce((sum, report) => sum + report.requests, 0),
  };
}

function slownessOf(name: string): number {
  return Number(slowFamilies.some((family) => name.includes(` ${family}/`)));
}

/** Has one thread take one subject after the other until none is left. */
function work(upcoming: Iterator<string>, gather: (report: Report) => void): Promise<void> {
  const worker = new Worker(new URL('worker.ts', import.meta.url));
  const pending = new Set<string>();
  return new Promise<void>((resolve, reject) => {
    const next = (): void => {
      const { done, value } = upcoming.next();
      if (done !== true) {
        pending.add(value);
        worker.postMessage(value);
      } else if (pending.size === 0) {
        resolve();
      }
    };
    worker.on('message', (report: Report) => {
      pending.delete(nameOf(report.trial));
      gather(report);
      next();
    });
    worker.on('error', (error: Error) => {
      reject(new Error(`The suite could not be run against one of ${[...pending].join(', ')}: ${error.message}`));
    });
    for (let slot = 0; slot < serversAtOnce; slot++) next();
  }).finally(() => worker.terminate());
}
