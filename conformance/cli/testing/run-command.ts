import { execFile, type ChildProcess } from 'node:child_process';
import process from 'node:process';
import { Writable } from 'node:stream';
import { vi } from 'vitest';
import { runCommandLine } from '../command.ts';

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command line of `conformance` in this process.
 *
 * @param variables - Variables of the environment that are added. Those of the command, of npm and of CI are taken away.
 * @param folder - The current folder meanwhile.
 */
export async function runInProcess(
  argv: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  folder = process.cwd(),
): Promise<Finished> {
  const origin = process.cwd();
  const printed = { stdout: '', stderr: '' };
  const capture = (name: keyof typeof printed) => {
    const write = (chunk: Buffer, _encoding: string, done: () => void) => {
      printed[name] += String(chunk);
      done();
    };
    return new Writable({ write }) as unknown as NodeJS.WriteStream;
  };
  const known = Object.keys(process.env);
  for (const name of known) {
    if (/^(?:CONFORMANCE_|npm_|(?:CI|DEBUG)$)/.test(name)) vi.stubEnv(name, undefined);
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  process.chdir(folder);
  try {
    const io = { stdout: capture('stdout'), stderr: capture('stderr'), env: process.env };
    const exitCode = await runCommandLine(argv, io);
    return { exitCode, ...printed };
  } finally {
    process.chdir(origin);
    vi.unstubAllEnvs();
    // Those of a .env file stay otherwise.
    for (const name of Object.keys(process.env)) if (!known.includes(name)) delete process.env[name];
  }
}

/** The environment of this process, without the token and DEBUG. */
export const plainEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:CONFORMANCE_TOKEN|DEBUG)$/.test(name)),
);

/** Starts a line of Bash, which directs streams and sets limits. `$0` is Node.js, and the words are `$1`, `$2` and so on. */
export function startShell(line: string, ...words: string[]): { child: ChildProcess; ended: Promise<Finished> } {
  const { promise: ended, resolve } = Promise.withResolvers<Finished>();
  // Bash takes the sockets of Node.js for a remote login, and would read the user's start-up file.
  const options = ['--norc', '-c', line, process.execPath, ...words];
  const child = execFile('bash', options, { env: plainEnvironment }, (error, stdout, stderr) =>
    resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
  );
  return { child, ended };
}
