import type { Selection } from './cases/select.ts';
import type { SelfCheck } from './run/self-check.ts';
import type { CaseResult } from './run/result.ts';
import type { Target } from './target/target.ts';

/** What the conformance command hands to the suite. */
export interface ConformanceInput {
  readonly target: Target;
  readonly selection: Selection;
  /** The URL of the module that places calls, if there is one. */
  readonly calls: string | undefined;
  /** Whether the run is to tell what it would have found in wrong answers. */
  readonly selfCheck: boolean;
}

/** What is to be said of a whole run. */
export interface Epilogue {
  /** Which calls could not be ended, for example. */
  readonly remarks: readonly string[];
  /** What the run would have found in wrong answers, if that was asked. */
  readonly selfCheck: SelfCheck | undefined;
  /** An error of the run's thread that nobody handled, so that nothing but violations is to be trusted. */
  readonly strayError: string | undefined;
}

declare module 'vitest' {
  interface TaskMeta {
    result?: CaseResult;
    /** What the whole file tells. */
    epilogue?: Epilogue;
  }
}
