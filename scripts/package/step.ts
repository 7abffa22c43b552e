import type { Tarball } from './pack.ts';

/** What the steps of a check share. */
export interface Workplace {
  readonly tarball: Tarball;
  /** The package of the conformance runner and of the mock. */
  readonly conformance: Tarball;
  /** Where tools are installed. */
  readonly tools: string;
  /** Where projects may be made. */
  readonly folder: string;
  /** A fresh project that has the package. */
  readonly project: string;
}

/** One thing that is tried with the packed packages. */
export interface Step {
  readonly name: string;
  /**
   * @returns Why it could not be tried here, if so.
   * @throws Error if it was tried and does not work.
   */
  run(workplace: Workplace): Promise<{ readonly skipped: string } | void>;
}
