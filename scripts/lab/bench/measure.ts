import process from 'node:process';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';

/** The quantities that were measured of a subject in one round. */
export type Samples = Readonly<Record<string, number>>;

/** The samples of each subject, one for each round. */
export type Rounds = Readonly<Record<string, readonly Samples[]>>;

/** A ratio made in each round, so that what disturbed a round disturbed both sides. */
export interface Ratio {
  readonly says: string;
  readonly values: readonly number[];
  /** The bound that `--check` holds the median against. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

/** The results of one part of the benchmark. */
export interface Part {
  readonly title: string;
  /** A sentence or two about what was measured, and how. */
  readonly method: string;
  readonly rounds: Rounds;
  readonly ratios: readonly Ratio[];
}

/** The units of quantities; a quantity without one is a number of things. */
const units: Readonly<Record<string, string>> = {
  wall: 'ms',
  cpu: 'ms',
  'wall per request': 'ms',
  'cpu per call': 'µs',
  'peak memory': 'MB',
  rate: 'requests/s',
  p99: 'ms',
};

/** Returns the median, which a few samples far off do not move. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error('Expected at least one sample, got none.');
  return (low + high) / 2;
}

/** Returns the median absolute deviation from the median. */
export function deviation(samples: readonly number[]): number {
  const middle = median(samples);
  return median(samples.map((sample) => Math.abs(sample - middle)));
}

/** Divides a quantity of one subject by that of another, round by round. */
export function divide(rounds: Rounds, quantity: string, numerator: string, denominator: string): number[] {
  const [above, below] = [rounds[numerator] ?? [], rounds[denominator] ?? []];
  return above.map((samples, round) => (samples[quantity] ?? Number.NaN) / (below[round]?.[quantity] ?? Number.NaN));
}

/** Tells if a ratio reaches its goal. One without a goal does, one that could not be measured does not. */
export function reaches({ values, goal }: Ratio): boolean {
  if (goal === undefined) return true;
  return 'atMost' in goal ? median(values) <= goal.atMost : median(values) >= goal.atLeast;
}

/** Formats three digits that mean something, and whole numbers in full. */
export function round(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

/** Formats a part as Markdown: its ratios first, then the figures that they are made of. */
export function formatPart({ title, method, rounds, ratios }: Part, circumstances: string): string {
  const ratioRows = ratios.map((ratio) => {
    const [[bound, limit] = []] = Object.entries(ratio.goal ?? {}) as [string, number][];
    const goal = bound === undefined ? '' : `${bound === 'atMost' ? 'at most' : 'at least'} ${limit}`;
    return [ratio.says, summarise(ratio.values), goal, goal && (reaches(ratio) ? 'yes' : 'no')];
  });
  const figureRows = Object.entries(rounds).flatMap(([subject, samples]) =>
    Object.keys(samples[0] ?? {}).map((quantity) => {
      const unit = units[quantity] ?? '';
      return [subject, quantity, `${summarise(samples.map((sample) => sample[quantity] ?? Number.NaN))} ${unit}`];
    }),
  );
  return [
    `## ${title}`,
    `${method}\n${circumstances}`,
    ...(ratioRows.length > 0 ? [formatTable(['Ratio', 'Measured', 'Goal', 'Reached'], ratioRows)] : []),
    formatTable(['Subject', 'Quantity', 'Measured'], figureRows),
  ].join('\n\n');
}

/** Puts a part in place of the one with the same title in a page, or at its end. */
export function replacePart(page: string, part: string): string {
  const [introduction = '', ...parts] = page.split(/^(?=## )/m);
  const [title] = part.split('\n');
  const index = parts.findIndex((one) => one.split('\n')[0] === title);
  const all = index < 0 ? [...parts, part] : parts.with(index, part);
  return [introduction, ...all].map((one) => one.trim()).join('\n\n');
}

function summarise(samples: readonly number[]): string {
  return `${round(median(samples))} ± ${round(deviation(samples))}`;
}

function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '-'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The root of the repository. */
export const root = join(import.meta.dirname, '../../..');

/** The arguments of every part. */
export interface Context {
  readonly rounds: number;
  /** A folder to install into, which the next run may find as it was left. */
  readonly folder: string;
  /** Another checkout of the repository, with its packages installed. */
  readonly against: string | undefined;
  /** A correct server that answers at once. */
  readonly server: CountingServer;
}

/** A plain server in a process that counts its requests. */
export interface CountingServer {
  readonly url: string;
  /** Resolves with the number of requests since the last time. */
  take(): Promise<number>;
  close(): Promise<unknown>;
}

/** Makes a process print its resource usage to the file descriptor 3 when it ends; its workers and children do not. */
const printUsage = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread && process.env.PRINT_USAGE) {
    delete process.env.PRINT_USAGE;
    process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));
  }
`)}`;

/**
 * Runs a script on this Node.js to its end, and resolves with its output and its cost: milliseconds from start to end,
 * milliseconds of processor time and megabytes of memory, of all threads and without child processes.
 *
 * @throws Error with the end of its output, if its exit code is not 0.
 */
export async function runScript(words: readonly string[], folder = root) {
  const started = performance.now();
  // A command within npm run would otherwise be run in the folder of this one.
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  const child = spawn(process.execPath, ['--import', printUsage, ...words], {
    cwd: folder,
    env: { ...Object.fromEntries(environment), NO_COLOR: '1', CI: '1', PRINT_USAGE: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const streams = [child.stdout, child.stderr, child.stdio[3] as Readable];
  const ended = once(child, 'close');
  const [output = '', errors = '', usage = ''] = await Promise.all(streams.map((stream) => text(stream as Readable)));
  const [exitCode] = (await ended) as [number | null];
  const wall = performance.now() - started;
  if (exitCode !== 0 || usage === '') {
    throw new Error(
      `${words.join(' ')}, in ${folder}, ended with ${exitCode}: ${`${output}${errors}`.slice(-500).replaceAll('\n', ' ')}`,
    );
  }
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(usage) as NodeJS.ResourceUsage;
  return { output, wall, cpu: (userCPUTime + systemCPUTime) / 1000, 'peak memory': maxRSS / 1024 };
}

/**
 * Measures subjects in turn, round after round, so that whatever else the machine does falls on all of them alike. The
 * first round, in which caches fill, does not count.
 */
export async function measureInTurns(
  subjects: Readonly<Record<string, () => Promise<Samples>>>,
  count: number,
  { warmUp = true } = {},
): Promise<Rounds> {
  const rounds = Object.fromEntries(Object.keys(subjects).map((name) => [name, [] as Samples[]]));
  for (let turn = warmUp ? 0 : 1; turn <= count; turn++) {
    for (const [name, measure] of Object.entries(subjects)) {
      const samples = await measure();
      if (turn > 0) rounds[name]?.push(samples);
      const quantities = Object.entries(samples).map(([quantity, value]) => `${quantity} ${round(value)}`);
      process.stderr.write(`  round ${turn} of ${count}: ${name}: ${quantities.join(', ')}\n`);
    }
  }
  return rounds;
}

/** Starts a correct server that answers at once, in another process. */
export async function startServer(): Promise<CountingServer> {
  const child = fork(join(import.meta.dirname, 'server.ts'));
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    take: async () => {
      child.send('take');
      return ((await once(child, 'message')) as [number])[0];
    },
    close: () => {
      child.disconnect();
      return once(child, 'exit');
    },
  };
}
