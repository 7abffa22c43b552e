import { fileURLToPath } from 'node:url';
import type { CaseResult } from '../run/result.ts';
import { casesAtOnce } from '../run/run-cases.ts';
import type { Epilogue } from '../suite-input.ts';
import { startVitest, type Reporter, type TestCase, type TestModule } from 'vitest/node';
import type { Progress } from './progress.ts';
import { couldNotBeRun, type SuiteThread } from './suite-thread.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What became of the cases, and what is to be said of the run beside. */
export interface SuiteResult extends Epilogue {
  readonly results: readonly CaseResult[];
}

/**
 * Has vitest collect what becomes of the cases, each a test, in the thread where their run has begun.
 *
 * @throws Error with one line, if vitest could not run them.
 */
export async function runInVitest({ pool }: SuiteThread, progress: Progress): Promise<SuiteResult> {
  const vitest = await startVitest('test', [], {
    config: false,
    root,
    include: ['conformance/suite.test.ts'],
    watch: false,
    pool,
    maxWorkers: 1,
    isolate: false,
    // What the thread has loaded is not loaded again.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // So that those which are told to be under way are.
    maxConcurrency: casesAtOnce,
    // What a source of calls says is for whoever runs it.
    disableConsoleIntercept: true,
    // Every exchange has its own limit, and a case may wait for its turn.
    testTimeout: 0,
    reporters: [reporterOf(progress)],
  });
  try {
    const modules = vitest.state.getTestModules();
    const epilogue = modules[0]?.meta().epilogue;
    // What nobody handled in the thread is told by the epilogue, if the run came so far.
    const unhandled = epilogue === undefined ? vitest.state.getUnhandledErrors() : [];
    const [failure] = errorsOf(modules, unhandled);
    if (epilogue === undefined || failure !== undefined) {
      throw new Error(`${couldNotBeRun}: ${failure ?? 'it ended before its time'}`);
    }
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    return { ...epilogue, results: tests.flatMap((test) => test.meta().result ?? []) };
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
  return [...modules.flatMap((module) => module.errors()), ...unhandled].map((error) => {
    const { message, cause } = error as Error;
    return (cause instanceof Error ? cause.message : String(message)).replace(`${couldNotBeRun}: `, '');
  });
}
