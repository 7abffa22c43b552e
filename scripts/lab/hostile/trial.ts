import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { FaultyServer } from '../servers/server.ts';

/** What a run may cost, and how it must end, whatever the server does. */
const limits = { seconds: 30, megabytes: 400, exitCode: 1 };

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Makes a process tell what it used when it ends. */
const tellUsage = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));",
)}`;

/** What a run against a hostile server came to. */
export interface HostileTrial {
  readonly id: string;
  readonly verdict: string;
  readonly exitCode: number | null;
  readonly seconds: number;
  /** How many of them the run worked rather than waited, for itself or for a busy machine. */
  readonly worked: number;
  /** The most memory that the run had resident. */
  readonly megabytes: number;
  /** What is wrong with the report's files. */
  readonly incompleteFiles: readonly string[];
}

/** Runs the conformance command with its defaults against a hostile server, which is started and closed. */
export async function sufferedBy({ id, start }: FaultyServer): Promise<HostileTrial> {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  const server = await start();
  const started = performance.now();
  try {
    const { exitCode, output, usage } = await run(server.url, folder);
    return {
      id,
      verdict: /^Verdict: (.+)$/m.exec(output)?.[1] ?? 'none',
      exitCode,
      seconds: (performance.now() - started) / 1000,
      worked: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
      megabytes: usage.maxRSS / 1024,
      incompleteFiles: problemsOf(folder),
    };
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(url: string, folder: string) {
  const flags = ['--import', './scripts/require-node.mjs', '--import', tellUsage];
  const child = spawn(process.execPath, [...flags, 'scripts/conformance.ts', url, '--report', folder], {
    cwd: root,
    env: { ...process.env, CONFORMANCE_TOKEN: 'proof-token' },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [, stdout, , usagePipe] = child.stdio as Readable[];
  const [exitCode, output, told] = await Promise.all([ended, textOf(stdout), textOf(usagePipe)]);
  return { exitCode, output, usage: JSON.parse(told) as NodeJS.ResourceUsage };
}

function textOf(pipe: Readable | undefined): Promise<string> {
  return pipe === undefined ? Promise.resolve('') : text(pipe);
}

/** What is wrong with the files of a report. */
function problemsOf(folder: string): string[] {
  const files = readdirSync(folder);
  const missing = ['report.json', 'junit.xml'].filter((name) => !files.includes(name));
  return [...missing, ...files.filter((name) => !isComplete(name, readFileSync(join(folder, name), 'utf8')))];
}

function isComplete(name: string, content: string): boolean {
  if (extname(name) === '.xml') return /^<\?xml [^]*<\/testsuites>\s*$/.test(content);
  if (!['.json', '.sarif'].includes(extname(name))) return content.trim() !== '';
  try {
    return typeof JSON.parse(content) === 'object';
  } catch {
    return false;
  }
}

export function isAsItMustBe({ exitCode, seconds, megabytes, incompleteFiles }: HostileTrial): boolean {
  const isCheap = seconds < limits.seconds && megabytes < limits.megabytes;
  return isCheap && exitCode === limits.exitCode && incompleteFiles.length === 0;
}

/** What a run came to, in one line. */
export function trialLine(trial: HostileTrial): string {
  const { id, verdict, exitCode, seconds, worked, megabytes, incompleteFiles } = trial;
  const files = incompleteFiles.length === 0 ? 'files complete' : `INCOMPLETE ${incompleteFiles.join(', ')}`;
  const columns = [
    id.padEnd(40),
    verdict.padEnd(16),
    `exit ${exitCode}`,
    `${seconds.toFixed(1)} s (${worked.toFixed(1)} s of work)`.padStart(24),
    `${megabytes.toFixed(0)} MB`.padStart(7),
    files,
  ];
  return `${columns.join('  ')}${isAsItMustBe(trial) ? '' : '  MISSED'}`;
}
