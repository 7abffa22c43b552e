import process from 'node:process';
import { Writable } from 'node:stream';
import { vi } from 'vitest';
import { runCommandLine } from '../command.ts';

/** The exit code of a command line, and what it printed. */
export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command line of `conformance` in this process.
 *
 * @param variables - Variables of the environment that are added. No token and no secret is left of the others.
 */
export async function runCommandInProcess(
  argv: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const printed = { stdout: '', stderr: '' };
  const capture = (name: keyof typeof printed) => {
    const write = (chunk: Buffer, _encoding: string, done: () => void) => {
      printed[name] += String(chunk);
      done();
    };
    return new Writable({ write }) as unknown as NodeJS.WriteStream;
  };
  for (const name of Object.keys(process.env)) {
    if (/^(?:CONFORMANCE_|npm_|DEBUG$)/.test(name)) vi.stubEnv(name, undefined);
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  try {
    const io = { stdout: capture('stdout'), stderr: capture('stderr'), env: process.env };
    const exitCode = await runCommandLine(argv, io);
    return { exitCode, ...printed };
  } finally {
    vi.unstubAllEnvs();
  }
}
