import process from 'node:process';
import { CutShort, formatThrown, Interruption, loadCallSource } from './call/call-source.ts';
import type { Case } from './cases/case.ts';
import type { FuzzCase } from './cases/fuzz.ts';
import type { Options } from './cli/options.ts';
import { selectCases, type Selection } from './cases/select.ts';
import { createSuite } from './cases/suite.ts';
import { readContract } from './contract/contract.ts';
import { readRequirements } from './contract/requirements.ts';
import { startRun } from './run/execute.ts';
import type { CaseResult, SelfCheck } from './run/result.ts';
import { groupCases, type CaseGroup } from './run/schedule.ts';
import { checkAgainstWrongAnswers, type RecordedCase } from './run/self-check.ts';
import { wrongAnswers } from './self-check/catalogue.ts';
import type { Target } from './run/target.ts';

/** The input that the command hands to the suite. Serialisable. */
export interface SuiteInput {
  readonly target: Target;
  /** The options of the run; `calls` is the URL of the module that places calls. */
  readonly options: Options & Selection;
}

/** The findings of a run that belong to no single case. Serialisable. */
export interface Epilogue {
  /** Calls that could not be ended, for example. */
  readonly remarks: readonly string[];
  readonly selfCheck: SelfCheck | undefined;
  /** An error that nothing caught, after which nothing but violations can be trusted. */
  readonly strayError: string | undefined;
}

declare module 'vitest' {
  interface ProvidedContext {
    suite: SuiteInput;
  }
  interface TaskMeta {
    result?: CaseResult;
    /** Set on the file, once all cases have ended. */
    epilogue?: Epilogue;
  }
}

/** A run whose cases vitest performs. */
export interface SuiteRun {
  readonly groups: readonly CaseGroup[];
  /** Performs a case; the signal ends the whole run early. Never throws. */
  perform(testCase: Case | FuzzCase, signal: AbortSignal): Promise<CaseResult>;
  /** Ends what was begun for the run. */
  close(): Promise<Epilogue>;
}

/** The channel on which the suite's thread gives signs of life, and the time between two of them, in milliseconds. */
export const [signsOfLife, lifeInterval] = ['conformance signs of life', 250];

/** The longest body that is kept to try wrong answers with, in bytes: all of them are kept until the run has ended. */
const longestRecorded = 64 * 1024;

/**
 * Makes the cases of a run from the contract; sends nothing.
 *
 * @throws Error with one line, if the contract, the register or the source of calls is not as it must be.
 */
export async function prepareSuite({ target, options }: SuiteInput): Promise<SuiteRun> {
  const { bail, calls, selfCheck = false } = options;
  const channel = new BroadcastChannel(signsOfLife);
  channel.unref();
  const giveSign = () => channel.postMessage('');
  giveSign();
  setInterval(giveSign, lifeInterval).unref();
  const suite = createSuite(readContract(), readRequirements());
  const source = calls === undefined ? undefined : await loadCallSource(calls);
  const cases = selectCases(suite, target.fixture, options);
  const recorded: RecordedCase[] = [];
  const ending = new AbortController();
  const observe = (testCase: Case, exchanges: RecordedCase['exchanges']) => {
    // Generated values are many, and resemble each other.
    if (!selfCheck || 'recipes' in testCase) return;
    if (exchanges.every(({ response }) => (response?.body.length ?? 0) <= longestRecorded)) {
      recorded.push({ testCase, exchanges });
    }
  };
  const run = startRun(suite, target, { source, observe, signal: ending.signal });
  // A source of calls may throw where nothing waits for it. The calls that it placed are to be ended all the same.
  let strayError: string | undefined;
  let failed = 0;
  const noteStray = (error: unknown) => {
    strayError ??= `an error came that nobody handled: ${formatThrown(error)}`;
    ending.abort(new CutShort(strayError));
  };
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  for (const event of events) process.on(event, noteStray);
  return {
    groups: groupCases(cases),
    perform: async (testCase, signal) => {
      signal.addEventListener('abort', () => ending.abort(new Interruption()), { once: true });
      const result = await run.execute(testCase);
      if (result.verdict === 'fail' && ++failed === bail) {
        ending.abort(new CutShort(`the run was ended after failed cases: ${bail}, as --bail has it`));
      }
      return result;
    },
    close: async () => {
      const remarks = await run.close();
      for (const event of events) process.off(event, noteStray);
      return {
        remarks,
        strayError: strayError && run.hide(strayError),
        selfCheck: selfCheck
          ? checkAgainstWrongAnswers(suite, cases, recorded, wrongAnswers(suite.contract))
          : undefined,
      };
    },
  };
}
