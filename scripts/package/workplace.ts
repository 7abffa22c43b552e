import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rolldown } from 'rolldown';
import { readContract } from '../../conformance/contract/contract.ts';
import { startMock } from '../../conformance/mock/mock.ts';
import { installInto, tools as packages, type Tarball } from './install.ts';

/** Shared by the steps of a check. */
export interface Workplace {
  readonly tarball: Tarball;
  /** The package of the conformance runner and of the mock. */
  readonly conformance: Tarball;
  /** The folder in which tools are installed. */
  readonly tools: string;
  /** A folder in which projects may be made. */
  readonly folder: string;
  /** A project that has the package, and finds the tools. */
  readonly project: string;
}

/** The reason why something could not be tried here. */
export interface Skipped {
  readonly skipped: string;
}

/** One thing that is tried with the packed packages. */
export interface Step {
  readonly name: string;
  /** @throws Error if it was tried and does not work. */
  run(workplace: Workplace): Promise<Skipped | void>;
}

/** A tool or runtime that consumers use the package with, by its name in tools.json. */
export type Tool = keyof typeof packages.setups;

/** Installs tools, and tells why a step is skipped if they cannot be had. */
export async function installTools({ tools }: Workplace, needs: readonly Tool[]): Promise<Skipped | undefined> {
  try {
    await installInto(tools, Object.fromEntries(needs.map((name) => [name, packages.setups[name]])));
    return undefined;
  } catch (error) {
    return { skipped: `${needs.join(' and ')} cannot be installed: ${(error as Error).message.slice(0, 200)}` };
  }
}

/** Returns the Node.js of a version: `node-26.10.0`. */
export function nodeOf({ tools }: Workplace, name: string): string {
  return join(tools, 'node_modules', name, 'bin', 'node');
}

/** Bundles a file of a project for browsers, minified, with what the project has installed. */
export async function bundleConsumer(folder: string, file: string): Promise<string> {
  const build = await rolldown({ input: join(folder, file), cwd: folder, platform: 'browser' });
  try {
    const { output } = await build.generate({ format: 'es', minify: true });
    return output[0].code;
  } finally {
    await build.close();
  }
}

/** Runs something while the mock listens, and closes the mock whatever becomes of it. */
export async function withMock<Result>(use: (url: string) => Promise<Result>): Promise<Result> {
  const mock = await startMock({ contract: readContract() });
  try {
    return await use(mock.url);
  } finally {
    await mock.close();
  }
}

/**
 * Waits until a server prints the address that it listens on.
 *
 * @throws Error with what it said on standard error, if it prints none.
 */
export async function readAddress({ stdout, stderr }: ChildProcessWithoutNullStreams): Promise<string> {
  let said = '';
  stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
  for await (const line of createInterface({ input: stdout, signal: AbortSignal.timeout(30_000) })) {
    const address = /http:\/\/[^\s/]+:\d+/.exec(line)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error(`the server does not start: ${said}`);
}
