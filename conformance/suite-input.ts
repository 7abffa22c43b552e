import type { Target } from './target/target.ts';
import type { CaseResult } from './run/result.ts';

/** What the conformance command hands to the suite. */
export interface ConformanceInput {
  readonly target: Target;
  /** The path of the bundled contract. */
  readonly contract: string;
  /** The path of the register. */
  readonly register: string;
  /** Patterns of the cases to run; all if empty. */
  readonly only: readonly string[];
}

declare module 'vitest' {
  interface ProvidedContext {
    conformance: ConformanceInput;
  }
  interface TaskMeta {
    result?: CaseResult;
  }
}
