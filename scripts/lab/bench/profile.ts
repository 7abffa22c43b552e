import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A part of a profile as Node.js writes it with `--cpu-prof`. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  /** In microseconds, before each sample. */
  readonly timeDeltas: readonly number[];
}

/** Where time is spent, told by the address of the code or by the name of what has none; the first that matches counts. */
const areas: readonly (readonly [area: string, pattern: RegExp])[] = [
  ['collecting garbage', /^\(garbage collector\)$/],
  ['promises', /^runMicrotasks$|task_queues|internal\/process\/promises|async_hooks/],
  ['HTTP client of Node.js', /^node:(?:_?http|net|events|timers|internal\/(?:streams|timers|url|stream_base))/],
  ['reading and writing sockets', /^(?:write\w+String|readStart|readStop|onStreamRead|shutdown|writev|asyncReset)$/],
  ['generating values', /\/fast-check\/|\/pure-rand\/|\/cases\/fuzz|\/run\/fuzz/],
  ['the guard', /\/target\/(?:guard|readings)\.ts$/],
  ['holding requests against the contract', /@cfworker|\/run\/self-check\.ts$/],
  ['holding answers against the contract', /\/conformance\/(?:checks|contract)\/|\/ajv\/|\/fast-uri\//],
  ['transport', /\/conformance\/target\//],
  ['running cases', /\/conformance\/(?:run|cases)\//],
];

const others = 'anything else';

const idle = ['(idle)', '(program)'];

/**
 * Which part of the time the busiest thread of a process spent where.
 *
 * @param folder - Where Node.js wrote the profiles of all threads of one process.
 * @returns Shares of its busy time in percent, the largest first.
 */
export function sharesOf(folder: string): { readonly area: string; readonly share: number }[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  const threads = files.map((name) => timesOf(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile));
  const [busiest] = threads.toSorted((one, other) => totalOf(other) - totalOf(one));
  if (busiest === undefined) throw new Error(`There is no profile in ${folder}: expected files from --cpu-prof.`);
  const total = totalOf(busiest);
  return [...busiest]
    .map(([area, time]) => ({ area, share: (time / total) * 100 }))
    .toSorted((one, other) => other.share - one.share);
}

function timesOf({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const { functionName = '', url = '' } = frames.get(id) ?? {};
    if (idle.includes(functionName)) return;
    const area = areaOf(url === '' ? functionName : url);
    times.set(area, (times.get(area) ?? 0) + (timeDeltas[index] ?? 0));
  });
  return times;
}

function areaOf(place: string): string {
  return areas.find(([, pattern]) => pattern.test(place))?.[0] ?? others;
}

function totalOf(times: ReadonlyMap<string, number>): number {
  return [...times.values()].reduce((sum, time) => sum + time, 0);
}
