import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createVitest, type Reporter, type TestCase, type TestModule, type Vitest } from 'vitest/node';
import { InputError } from '../contract/input-error.ts';
import { interrupted } from '../run/execute.ts';
import { unfinishedRemarks, type CaseResult } from '../run/result.ts';
import { suiteProject } from '../suite-project.ts';
import type { Epilogue, SuiteInput } from '../suite-run.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { Progress } from './progress.ts';

/** The results of the cases, in their order, and what is to be said of the run as a whole. */
export interface SuiteResult extends Epilogue {
  readonly results: readonly CaseResult[];
  /** The time that the cases took, in milliseconds. */
  readonly duration: number;
}

/** The means of watching and ending a run. */
export interface SuiteOptions {
  /** Starts to tell the progress, once the cases begin. */
  readonly begin: () => Progress;
  /** Ends the run early. */
  readonly signal: AbortSignal;
  /** The time limit of loading the source of calls, in milliseconds. */
  readonly longestLoading?: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The beginning of the line that tells why there is no verdict. */
const couldNotBeRun = 'The suite could not be run';

/** Longer than a source of calls may take that lets go of its thread, in milliseconds. */
const usualLoading = 30_000;

/**
 * Has vitest run the suite.
 *
 * @throws Error with one line, if vitest could not run it.
 */
export async function runSuite(
  { input, cases }: Pick<PreparedRun, 'input' | 'cases'>,
  { begin, signal, longestLoading = usualLoading }: SuiteOptions,
): Promise<SuiteResult> {
  const cancel = () => void vitest.cancelCurrentRun('keyboard-input');
  let progress: Progress | undefined;
  let began = performance.now();
  const endless = Promise.withResolvers<never>();
  let loading: NodeJS.Timeout | undefined;
  const vitest = await createQuietVitest(input, {
    onTestModuleQueued: () => {
      // A source that keeps its thread busy makes its own time limit unavailing.
      if (input.calls === undefined) return;
      const message = `The call source ${fileURLToPath(input.calls)} cannot be loaded: it kept its thread busy for ${longestLoading} ms; see what it does when it is loaded, an endless loop perhaps.`;
      loading = setTimeout(() => endless.reject(new InputError(message)), longestLoading);
    },
    onTestModuleCollected: ({ children }) => {
      clearTimeout(loading);
      // A module that cannot be loaded has none.
      if (children.size === 0) return;
      began = performance.now();
      progress = begin();
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel);
    },
    onTestCaseReady: (test) => progress?.started(readId(test)),
    onTestCaseResult: (test) => progress?.ended(readId(test), test.result().state === 'failed'),
  });
  try {
    // A thread that is kept busy ends with the process: vitest would wait for it.
    await Promise.race([vitest.start(), endless.promise]);
  } finally {
    clearTimeout(loading);
    signal.removeEventListener('abort', cancel);
    progress?.close();
  }
  const duration = performance.now() - began;
  try {
    return { ...readResults(vitest, cases, signal.aborted), duration };
  } finally {
    await vitest.close();
  }
}

/** A vitest that leaves signals to the command, and writes nothing below the user's home. */
async function createQuietVitest(suite: SuiteInput, reporter: Reporter): Promise<Vitest> {
  const { XDG_DATA_HOME: dataHome } = process.env;
  // Vitest creates the token of an API server there, even where none is started.
  const folder = makeTemporaryFolder();
  process.env.XDG_DATA_HOME = folder;
  const kept = new Set(signals.flatMap((signal) => process.listeners(signal)));
  try {
    const options = {
      ...suiteProject,
      config: false as const,
      root,
      // Its own folder may be one that this user cannot change.
      fsModuleCachePath: folder,
      watch: false,
      provide: { suite },
      reporters: [reporter],
    };
    const streams = { stdout: forwardTo(process.stdout), stderr: forwardTo(process.stderr) };
    const vitest = await createVitest(options, {}, streams);
    // At a signal it would end the process before anything is reported; it has no option against that.
    for (const signal of signals) {
      for (const listener of process.listeners(signal)) if (!kept.has(listener)) process.off(signal, listener);
    }
    return vitest;
  } finally {
    if (dataHome === undefined) delete process.env.XDG_DATA_HOME;
    else process.env.XDG_DATA_HOME = dataHome;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws InputError if there is no place for temporary files. */
function makeTemporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'conformance-'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(`A run needs a temporary folder, and ${tmpdir()} cannot be written (${code}): set TMPDIR.`);
  }
}

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Forwards what the suite's thread prints. A pipe into a stream that cannot be written would keep the thread from ending. */
function forwardTo(stream: NodeJS.WriteStream): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => {
      stream.write(chunk);
      done();
    },
  });
}

/** @throws Error with one line, if a case has no result though the run was not ended early. */
function readResults(
  { state }: Vitest,
  cases: PreparedRun['cases'],
  isInterrupted: boolean,
): Omit<SuiteResult, 'duration'> {
  const modules = state.getTestModules();
  const epilogue = modules[0]?.meta().epilogue;
  // An error that nothing caught in the thread is in the epilogue, if the run came so far.
  const [failure] = readErrors(modules, epilogue === undefined ? state.getUnhandledErrors() : []);
  if (failure !== undefined) throw new Error(failure);
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const told = new Map(tests.flatMap((test) => test.meta().result ?? []).map((result) => [result.id, result]));
  const results = cases.flatMap((testCase) => told.get(testCase.id) ?? (isInterrupted ? leftOut(testCase) : []));
  if (results.length < cases.length || (epilogue === undefined && !isInterrupted)) {
    throw new Error(`${couldNotBeRun}: it ended before its time`);
  }
  const { remarks = [], ...rest } = epilogue ?? { selfCheck: undefined, strayError: undefined };
  return { ...rest, results, remarks: [...unfinishedRemarks(results), ...remarks] };
}

/** The result of a case that vitest did not begin, since the run was interrupted. */
function leftOut({ id, requirement, title, control }: PreparedRun['cases'][number]): CaseResult {
  const nothing = { answers: [], accepted: false, checks: [], exchanges: [], duration: 0 };
  return { id, requirement, title, control, verdict: 'unreached', reason: interrupted, cutShort: true, ...nothing };
}

/** The id of a case, with which the name of its test begins. */
function readId({ name }: TestCase): string {
  return name.split(' ')[0] ?? name;
}

/** The errors of modules and threads, in one line each; those of a source of calls say themselves what is wrong. */
function readErrors(modules: readonly TestModule[], unhandled: readonly unknown[]): string[] {
  return [...modules.flatMap((module) => module.errors()), ...unhandled].map((error) => {
    const { message, cause } = error as Error;
    const text = cause instanceof Error ? cause.message : String(message);
    return text.startsWith('The call source ') ? text : `${couldNotBeRun}: ${text}`;
  });
}
