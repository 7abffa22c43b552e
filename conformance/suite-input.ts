import type { Selection } from './cases/cases.ts';
import type { Requirement } from './contract/requirements.ts';
import type { Target } from './target/target.ts';
import type { SelfCheck } from './run/corrupted-run.ts';
import type { CaseResult } from './run/result.ts';

/** What the conformance command hands to the suite. */
export interface ConformanceInput {
  readonly target: Target;
  /** The path of the bundled contract. */
  readonly contract: string;
  /** The register, read already. */
  readonly requirements: readonly Requirement[];
  readonly selection: Selection;
  /** The URL of the module that places calls, if there is one. */
  readonly calls: string | undefined;
  /** Whether the run is to tell what it would have found in wrong answers. */
  readonly selfCheck: boolean;
  /** The channel on which the run is told that it is to end early. */
  readonly interruption: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    conformance: ConformanceInput;
  }
  interface TaskMeta {
    result?: CaseResult;
    /** Which calls could not be ended, told by the whole file. */
    remarks?: readonly string[];
    /** What the run would have found in wrong answers, told by the whole file. */
    selfCheck?: SelfCheck;
  }
}
