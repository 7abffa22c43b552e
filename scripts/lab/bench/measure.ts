import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { round as rounded, type Rounds, type Samples } from './figures.ts';

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
  for (let round = warmUp ? 0 : 1; round <= count; round++) {
    for (const [name, measure] of Object.entries(subjects)) {
      const samples = await measure();
      if (round > 0) rounds[name]?.push(samples);
      const quantities = Object.entries(samples).map(([quantity, value]) => `${quantity} ${rounded(value)}`);
      process.stderr.write(`  round ${round} of ${count}: ${name}: ${quantities.join(', ')}\n`);
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
