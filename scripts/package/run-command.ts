import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';

/**
 * Runs a command in a folder to its end and returns what it printed on standard output.
 *
 * @throws Error with what it printed, if its exit code is not 0.
 */
export async function runCommandIn(
  folder: string,
  [command, ...parameters]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = {
    cwd: folder,
    env: { ...process.env, ...environment },
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
  };
  try {
    const { stdout } = await promisify(execFile)(command, parameters, options);
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    const said = `${stdout}${stderr}`.trim() || message;
    throw new Error(`${[command, ...parameters].join(' ')}, in ${folder}: ${said}`);
  }
}
