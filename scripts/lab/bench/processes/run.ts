import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../../../..', import.meta.url));

const reportUsage = fileURLToPath(new URL('report-usage.mjs', import.meta.url));

/** What a command took, from starting its process to its end. */
export interface Usage {
  /** In milliseconds. */
  readonly wall: number;
  /** Of all threads, in milliseconds. */
  readonly cpu: number;
  /** The largest resident memory, in bytes. */
  readonly peak: number;
  readonly output: string;
  readonly exitCode: number | null;
}

/** How a command is run. */
export interface RunOptions {
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** The exit codes that are no failure; 0 if left out. */
  readonly expected?: readonly number[];
}

/**
 * Runs a script on this Node.js to its end, with the priority that peers are run with.
 *
 * @throws Error with the end of what it printed, if it fails.
 */
export async function runMeasured(commandLine: readonly string[], options: RunOptions = {}): Promise<Usage> {
  const { folder = root, environment, expected = [0] } = options;
  const temporary = mkdtempSync(join(tmpdir(), 'bench-usage-'));
  const file = join(temporary, 'usage.json');
  try {
    const started = performance.now();
    const child = spawn(process.execPath, ['--import', reportUsage, ...commandLine], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', CI: '1', ...environment, BENCH_USAGE: file },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const wall = performance.now() - started;
    const output = Buffer.concat(chunks).toString();
    if (exitCode === null || !expected.includes(exitCode)) {
      throw new Error(`${commandLine.join(' ')} ended with ${exitCode}: ${problemIn(output)}`);
    }
    return { wall, output, exitCode, ...usageIn(file) };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The line that names an error, or else the last one. */
function problemIn(output: string): string {
  const lines = output.trim().split('\n');
  return lines.find((line) => /Error\b.*: /.test(line)) ?? lines.at(-1) ?? '';
}

function usageIn(file: string): Pick<Usage, 'cpu' | 'peak'> {
  const usage = JSON.parse(readFileSync(file, 'utf8')) as NodeJS.ResourceUsage;
  return { cpu: (usage.userCPUTime + usage.systemCPUTime) / 1000, peak: usage.maxRSS * 1024 };
}
