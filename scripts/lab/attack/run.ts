import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { token, type AttackedServer } from './attack.ts';

/** Makes a process print its resource usage to the file descriptor 3 when it ends. */
const printUsage = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));",
)}`;

/** The time after which a run is killed, so that the laboratory goes on, in milliseconds. */
const mostPatience = 180_000;

/**
 * Runs the conformance command against a server, with its defaults, and writes its reports into a folder. Resolves with
 * its output, the seconds that it took, those since Ctrl-C, and the most megabytes of memory that it had at once.
 */
export async function runAgainst(server: AttackedServer, folder: string) {
  const { url, options = [], environment, interrupted } = server;
  const flags = ['--import', './scripts/require-node.mjs', '--import', printUsage];
  const words = ['scripts/conformance.ts', url, '--no-config', '--report', folder, ...options];
  const started = performance.now();
  const child = spawn(process.execPath, [...flags, ...words], {
    cwd: join(import.meta.dirname, '../../..'),
    env: { ...process.env, CONFORMANCE_TOKEN: token, GITHUB_ACTIONS: 'true', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let interruptedAt: number | undefined;
  void interrupted?.then(() => {
    interruptedAt = performance.now();
    child.kill('SIGINT');
  });
  const killer = setTimeout(() => child.kill('SIGKILL'), mostPatience);
  const streams = [child.stdout, child.stderr, child.stdio[3]].map((stream) => text(stream as Readable));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout = '', stderr = '', usage = ''] = await Promise.all(streams);
  clearTimeout(killer);
  const secondsSince = (at: number) => (performance.now() - at) / 1000;
  // A run that was killed prints no usage.
  const { maxRSS = Infinity } = JSON.parse(usage || '{}') as Partial<NodeJS.ResourceUsage>;
  return {
    exitCode,
    stdout,
    stderr,
    seconds: secondsSince(started),
    secondsToEnd: interruptedAt === undefined ? 0 : secondsSince(interruptedAt),
    megabytes: maxRSS / 1024,
  };
}
