import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlainServer } from '../../conformance/servers/plain/start.ts';
import { refusal } from '../../conformance/servers/plain/variations.ts';
import { makeWritableFolder } from '../conformance/report-folder.ts';
import { writeOverview } from './check-targets.ts';
import { overviewLine, overviewOf, resultLine } from './overview.ts';
import type { TargetResult } from './run-target.ts';
import { runTargets } from './run-targets.ts';
import type { ListedTarget } from './target-list.ts';

/** What is simulated. */
export interface SimulationOptions {
  readonly targets: number;
  readonly atOnce: number;
  readonly only: readonly string[];
  readonly report?: string;
}

/** How many servers there are at a time: they are started and ended in slices. */
const slice = 20;

const token = 'simulation';

/**
 * Runs the suite on many servers of this process, and tells what each target cost.
 *
 * @returns 0 if the faulty servers, and no others, were found not to conform; 1 otherwise.
 */
export async function simulateTargets(options: SimulationOptions, output: NodeJS.WritableStream): Promise<number> {
  const { targets, report } = options;
  if (report !== undefined) makeWritableFolder(report);
  const folder = report ?? mkdtempSync(join(tmpdir(), 'simulation-'));
  const startedAt = Date.now();
  const results: TargetResult[] = [];
  const faulty = new Set<string>();
  const memoryBefore = process.memoryUsage.rss();
  try {
    for (let from = 0; from < targets; from += slice) {
      const numbers = Array.from({ length: Math.min(slice, targets - from) }, (_, place) => from + place + 1);
      results.push(...(await runSlice(numbers, { ...options, folder, faulty, output })));
    }
    const overview = overviewOf(results, startedAt, Date.now() - startedAt);
    const unwritten = report === undefined ? [] : writeOverview(report, overview);
    for (const line of unwritten) output.write(`${line}\n`);
    const wrong = results.filter(
      ({ name, verdict }) => verdict !== (faulty.has(name) ? 'not conforming' : 'conforming'),
    );
    for (const result of wrong) output.write(`Not as expected: ${resultLine(result)}\n`);
    const growth = (process.memoryUsage.rss() - memoryBefore) / targets;
    output.write(`${[overviewLine(overview), ...costLines(results, overview.duration, options, growth)].join('\n')}\n`);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    if (report === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

interface SliceSettings extends SimulationOptions {
  readonly folder: string;
  /** Is given the names of those that are faulty. */
  readonly faulty: Set<string>;
  readonly output: NodeJS.WritableStream;
}

async function runSlice(numbers: readonly number[], settings: SliceSettings): Promise<TargetResult[]> {
  const { only, folder, atOnce, faulty, output, targets: all } = settings;
  const servers = await Promise.all(numbers.map(startServer));
  const targets = servers.map(({ url, name, isFaulty }): ListedTarget => {
    if (isFaulty) faulty.add(name);
    return { name, url, options: { only }, secrets: { CONFORMANCE_TOKEN: token } };
  });
  try {
    const { signal } = new AbortController();
    return await runTargets(targets, { folder, atOnce, yes: false, signal, onResult: () => undefined });
  } finally {
    await Promise.all(servers.map(({ close }) => close()));
    output.write(`${numbers.at(-1)} of ${all} targets\n`);
  }
}

async function startServer(number: number) {
  const isFaulty = number % 10 === 0;
  const behaviour = isFaulty ? refusal('sendCallTo', { status: 422 }) : {};
  const server = await startPlainServer({ behaviour, tokens: [token] });
  return { ...server, name: `target-${String(number).padStart(5, '0')}`, isFaulty };
}

/** What targets cost: the whole divided by their number, and each process by itself. */
function costLines(
  results: readonly TargetResult[],
  duration: number,
  { atOnce, only }: SimulationOptions,
  growth: number,
): string[] {
  const cases = Object.values(results[0]?.totals.cases ?? {}).reduce((sum, count) => sum + count, 0);
  const perTarget = duration / results.length;
  const processes = results.map((result) => result.duration / 1000);
  const work = results.flatMap(({ processorTime }) => (processorTime === undefined ? [] : [processorTime / 1000]));
  const memory = results.flatMap(({ peakMemory }) => (peakMemory === undefined ? [] : [peakMemory / 2 ** 20]));
  return [
    `Cases per target: ${cases}${only.length === 0 ? '' : ` (--only ${only.join(' ')})`}; ${atOnce} targets at once`,
    `Time per target: ${(perTarget / 1000).toFixed(2)} s of the whole; its process takes ${spread(processes, 's')}`,
    `Processor time per target: ${spread(work, 's')}`,
    `Memory per target: its process has at most ${spread(memory, 'MiB')}`,
    `Memory of this process, servers included: ${(growth / 1024).toFixed(1)} KiB more for each target`,
    `1,000 targets at this pace: ${((perTarget * 1000) / 60_000).toFixed(1)} minutes`,
  ];
}

function spread(values: readonly number[], unit: string): string {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  return `${at(0.5)} ${unit} in the median, ${at(0)} to ${at(1)}`;
}
