import type { TargetOptions } from './target.ts';

/** The command line of a conformance run. */
export interface ConformanceOptions extends TargetOptions {
  readonly only?: readonly string[];
  readonly profile?: readonly string[];
  /** The path of a module that places calls. */
  readonly calls?: string;
  /** The part of the cases that is run, as INDEX/COUNT. */
  readonly shard?: string;
  readonly list?: boolean;
  /** Whether calls of a live system are transferred without a question. */
  readonly yes?: boolean;
  readonly strict?: boolean;
  readonly report?: string;
  readonly open?: boolean;
  /** The path of a list of known failures. */
  readonly known?: string;
  /** Whether findings become annotations of GitHub Actions; if left out, where they are run by it. */
  readonly annotate?: boolean;
  readonly selfCheck?: boolean;
  /** Whether only what is wrong is told, and the verdict. */
  readonly quiet?: boolean;
  /** How many values are generated for each constraint. */
  readonly fuzz?: number;
  readonly seed?: number;
}

/** Where a run tells what it does and found. */
export interface Outputs {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}
