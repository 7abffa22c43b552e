import type { Case } from './cases/case.ts';
import { selectCases, selectShard } from './cases/select.ts';
import type { FuzzCase } from './cases/fuzz.ts';
import { createSuite, type Suite } from './cases/suite.ts';
import { readContract } from './contract/contract.ts';
import { readRequirements } from './contract/requirements.ts';
import { checkAgainstWrongAnswers, type RecordedCase } from './run/self-check.ts';
import { startRun, type RunObserver } from './run/execute.ts';
import { interruptionSignal } from './run/interruption.ts';
import type { CaseResult } from './run/result.ts';
import { casesAtOnce, startCases } from './run/run-cases.ts';
import { strayErrorSignal } from './run/stray-errors.ts';
import type { ConformanceInput, Epilogue } from './suite-input.ts';
import { loadCallSource, type CallSource } from './call/call-source.ts';

/** The longest body that is kept to try wrong answers with, in bytes: all of them are, until the run has ended. */
const longestRecorded = 64 * 1024;

/** A run before anything is sent. */
export interface PreparedRun extends ConformanceInput {
  readonly suite: Suite;
  /** Where calls come from, if the fixture names none. */
  readonly source: CallSource | undefined;
  /** The cases of all shards. */
  readonly allCases: readonly (Case | FuzzCase)[];
  readonly cases: readonly (Case | FuzzCase)[];
}

/** A run that is under way. */
export interface SuiteRun {
  readonly cases: readonly (Case | FuzzCase)[];
  /** Until it has sent all that must be refused, and watches for a while whether that has effects. */
  readonly pause: Promise<void>;
  /** What became of a case, as soon as it is known. */
  resultOf(testCase: Case | FuzzCase): Promise<CaseResult>;
  /** Ends what was begun for the run, once all its cases have ended. */
  close(): Promise<Epilogue>;
}

let underWay: SuiteRun | undefined;

/**
 * The run of this thread: its requests are sent while vitest, whose tests wait for the results, still starts.
 *
 * @throws Error if none has begun.
 */
export function runUnderWay(): SuiteRun {
  if (underWay === undefined) throw new Error('No run has begun: the suite is run by `npm run conformance`.');
  return underWay;
}

/**
 * Makes the cases of a run from the contract.
 *
 * @throws Error with one line, if the contract, the register or the source of calls is not as it must be.
 */
export async function prepareRun(input: ConformanceInput): Promise<PreparedRun> {
  const { target, selection, calls } = input;
  const suite = createSuite(readContract(), readRequirements());
  const source = calls === undefined ? undefined : await loadCallSource(calls);
  const allCases = selectCases(suite, target.fixture, { ...selection, shard: undefined });
  return { ...input, suite, source, allCases, cases: selectShard(allCases, selection.shard) };
}

/**
 * Begins to run all cases of this thread's run.
 *
 * @param interruption - The channel on which the run is told that it is to end early.
 */
export function beginRun({ suite, target, source, cases, selfCheck }: PreparedRun, interruption: string): SuiteRun {
  const recorded: RecordedCase[] = [];
  const observe: RunObserver = (testCase, exchanges) => {
    // Generated values are many, and the same as others to what answers them.
    if (!selfCheck || 'recipes' in testCase) return;
    if (exchanges.every(({ response }) => (response?.body.length ?? 0) <= longestRecorded)) {
      recorded.push({ testCase, exchanges });
    }
  };
  const stray = strayErrorSignal();
  const signal = AbortSignal.any([interruptionSignal(interruption), stray]);
  const run = startRun(suite, target, { source, observe, signal });
  const { results, allKept } = startCases(run, cases, casesAtOnce);
  return (underWay = {
    cases,
    pause: allKept,
    resultOf: (testCase) => results.get(testCase) ?? run.execute(testCase),
    async close() {
      const remarks = await run.close();
      const strayError = stray.aborted ? run.hide((stray.reason as Error).message) : undefined;
      if (!selfCheck) return { remarks, selfCheck: undefined, strayError };
      // Only a self-check loads the catalogue.
      const { wrongAnswers } = await import('./self-check/catalogue.ts');
      return {
        remarks,
        strayError,
        selfCheck: checkAgainstWrongAnswers(suite, cases, recorded, wrongAnswers(suite.contract)),
      };
    },
  });
}
