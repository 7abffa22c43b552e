import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { token, type AttackedServer } from './attack.ts';

/** The outcome and the cost of a run of the conformance command. */
export interface AttackedRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The time that it took, without the time for which others had the processors. */
  readonly seconds: number;
  /** The same from Ctrl-C on; undefined if there was none. */
  readonly secondsToEnd: number | undefined;
  readonly processorSeconds: number;
  /** The most memory that it had at once. */
  readonly megabytes: number;
}

/** Makes a process print its resource usage to the file descriptor 3 when it ends. */
const printUsage = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));",
)}`;

/** The time after which a run is killed, so that the laboratory goes on, in milliseconds. */
const mostPatience = 180_000;

/** Runs the conformance command against a server, with its defaults, and writes its reports into a folder. */
export async function runAgainst(server: AttackedServer, folder: string): Promise<AttackedRun> {
  const { url, options = [], environment, interrupted } = server;
  const flags = ['--import', './scripts/require-node.mjs', '--import', printUsage];
  const words = ['scripts/conformance.ts', url, '--no-config', '--report', folder, ...options];
  const started = performance.now();
  const child = spawn(process.execPath, [...flags, ...words], {
    cwd: join(import.meta.dirname, '../../..'),
    env: { ...process.env, CONFORMANCE_TOKEN: token, GITHUB_ACTIONS: 'true', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const waiting = watchWaiting(child.pid);
  let interruption: { readonly at: number; readonly waited: number } | undefined;
  void interrupted?.then(() => {
    interruption = { at: performance.now(), waited: waiting.total() };
    child.kill('SIGINT');
  });
  const killer = setTimeout(() => child.kill('SIGKILL'), mostPatience);
  const streams = [child.stdout, child.stderr, child.stdio[3]].map((stream) => text(stream as Readable));
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const exitCode = await exit;
  const [stdout = '', stderr = '', usage = ''] = await Promise.all(streams);
  const ended = performance.now();
  clearTimeout(killer);
  waiting.stop();
  const { maxRSS, userCPUTime, systemCPUTime } = readUsage(usage);
  const secondsSince = (at: number, waited: number) => (ended - at - (waiting.total() - waited)) / 1000;
  return {
    exitCode,
    stdout,
    stderr,
    seconds: secondsSince(started, 0),
    secondsToEnd: interruption && secondsSince(interruption.at, interruption.waited),
    processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
    megabytes: maxRSS / 1024,
  };
}

/** Reads what a process printed of its usage; nothing if it was killed. */
function readUsage(usage: string): Pick<NodeJS.ResourceUsage, 'maxRSS' | 'userCPUTime' | 'systemCPUTime'> {
  if (usage === '') return { maxRSS: Infinity, userCPUTime: Infinity, systemCPUTime: 0 };
  return JSON.parse(usage) as NodeJS.ResourceUsage;
}

/**
 * Watches for how long a process waits for a processor, which tells a busy machine from a slow run. Only Linux says so.
 * Threads wait for each other: the one that waits longest is counted.
 */
function watchWaiting(child: number | undefined) {
  const waits = new Map<string, number>();
  const look = () => {
    const tasks = `/proc/${child}/task`;
    try {
      for (const task of readdirSync(tasks)) {
        waits.set(task, Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[1]) / 1e6);
      }
    } catch {
      // The process has ended, or the system tells nothing.
    }
  };
  const timer = setInterval(look, 100);
  return {
    /** Returns how long that was until now, in milliseconds. */
    total: () => {
      look();
      return Math.max(0, ...waits.values());
    },
    stop: () => clearInterval(timer),
  };
}
