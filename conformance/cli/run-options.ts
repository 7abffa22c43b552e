import type { Options } from './options.ts';

/** The command line of a conformance run. */
export type ConformanceOptions = Options;

/** Where a run tells what it does and found. */
export interface Outputs {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}
