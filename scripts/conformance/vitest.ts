import { fileURLToPath } from 'node:url';
import type { SelfCheck } from '../../conformance/run/corrupted-run.ts';
import type { CaseResult } from '../../conformance/run/result.ts';
import type { ConformanceInput } from '../../conformance/suite-input.ts';
import { startVitest, type Reporter, type TestCase, type TestModule } from 'vitest/node';
import type { Progress } from './progress.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** More than requests under way at once, since cases wait for their turn and for each other's readings. */
const casesAtOnce = 64;

/** What became of the cases, and what is to be said of the run beside. */
export interface SuiteResult {
  readonly results: readonly CaseResult[];
  readonly remarks: readonly string[];
  readonly selfCheck: SelfCheck | undefined;
}

/**
 * Runs the suite's cases as vitest tests, several at once.
 *
 * @throws Error with one line, if vitest could not run them.
 */
export async function runInVitest(input: ConformanceInput, progress: Progress): Promise<SuiteResult> {
  const vitest = await startVitest('test', [], {
    config: false,
    root,
    include: ['conformance/suite.test.ts'],
    watch: false,
    pool: 'threads',
    maxWorkers: 1,
    isolate: false,
    maxConcurrency: casesAtOnce,
    // Every exchange has its own limit, and a case may wait for its turn.
    testTimeout: 0,
    reporters: [reporterOf(progress)],
    provide: { conformance: input },
  });
  try {
    const modules = vitest.state.getTestModules();
    const failure = errorsOf(modules, vitest.state.getUnhandledErrors())[0];
    if (failure !== undefined) throw new Error(`The suite could not be run: ${failure}`);
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    return {
      results: tests.flatMap((test) => test.meta().result ?? []),
      remarks: modules.flatMap((module) => module.meta().remarks ?? []),
      selfCheck: modules[0]?.meta().selfCheck,
    };
  } finally {
    await vitest.close();
  }
}

function reporterOf(progress: Progress): Reporter {
  return {
    onTestCaseReady: (test) => progress.started(idOf(test)),
    onTestCaseResult: (test) => progress.ended(idOf(test), test.result().state === 'failed'),
  };
}

/** The id of a case, with which the name of its test begins. */
function idOf({ name }: TestCase): string {
  return name.split(' ')[0] ?? name;
}

function errorsOf(modules: readonly TestModule[], unhandled: readonly unknown[]): string[] {
  return [...modules.flatMap((module) => module.errors()), ...unhandled].map((error) =>
    String((error as Error).message),
  );
}
