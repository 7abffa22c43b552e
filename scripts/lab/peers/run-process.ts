import { spawn, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import process from 'node:process';

/** How a process ended. */
export interface Ended {
  /** Absent where it was killed. */
  readonly exitCode: number | undefined;
  readonly output: string;
  readonly timedOut: boolean;
}

const variables = {
  STEPCI_DISABLE_ANALYTICS: '1',
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
};

/** Starts a command of a tool on this Node.js, with low priority and without telemetry. */
export function startCommand(file: string, parameters: readonly string[], folder: string): ChildProcess {
  const compileCache = { NODE_COMPILE_CACHE: `${folder}/.compile-cache` };
  const child = spawn(process.execPath, [file, ...parameters], {
    cwd: folder,
    env: { ...process.env, ...variables, ...compileCache },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return child;
}

/** Runs a command of a tool to its end, which comes at the limit if not before. */
export async function runCommandOf(
  file: string,
  parameters: readonly string[],
  folder: string,
  limit: number,
): Promise<Ended> {
  const child = startCommand(file, parameters, folder);
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, limit);
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  clearTimeout(timer);
  return { exitCode: exitCode ?? undefined, output: Buffer.concat(chunks).toString(), timedOut };
}
