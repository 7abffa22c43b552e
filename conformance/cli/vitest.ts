import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createVitest, type Reporter, type TestCase, type TestModule, type Vitest } from 'vitest/node';
import { InputError } from '../contract/input-error.ts';
import { Interruption } from '../call/call-source.ts';
import { outOfTime } from '../run/execute.ts';
import { unfinishedRemarks, type CaseResult } from '../run/result.ts';
import { suiteProject } from '../suite-project.ts';
import { lifeInterval, signsOfLife, type Epilogue, type SuiteInput } from '../suite-run.ts';
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
  /** The time for which the suite's thread may be kept busy, in milliseconds. */
  readonly longestBusy?: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The beginning of the line that tells why there is no verdict. */
const couldNotBeRun = 'The suite could not be run';

/** Longer than any step of the suite takes, and a source of calls that lets go of its thread, in milliseconds. */
const usualBusy = 20_000;

/**
 * The same after a signal, and once the time of the run is over, in milliseconds: longer where a source may be about to end
 * its calls.
 */
const busyAtEnd = { signal: 750, usual: 1000, calls: 5000 };

/**
 * Has vitest run the suite. A thread that an endless loop keeps busy is given up, and what it told until then is kept.
 *
 * @throws Error with one line, if vitest could not run it.
 */
export async function runSuite(
  { input, cases }: Pick<PreparedRun, 'input' | 'cases'>,
  { begin, signal, longestBusy = usualBusy }: SuiteOptions,
): Promise<SuiteResult> {
  assertFilesCanBeOpened(filesOfRun + input.target.concurrency);
  const cancel = () => void vitest.cancelCurrentRun('keyboard-input');
  const { maxDuration = Infinity } = input.target;
  let progress: Progress | undefined;
  let began = performance.now();
  const atEnd = input.options.calls === undefined ? busyAtEnd.usual : busyAtEnd.calls;
  const isOutOfTime = () => performance.now() - began > maxDuration * 1000;
  const watch = watchThread(() => {
    if (signal.aborted) return busyAtEnd.signal;
    return isOutOfTime() ? atEnd : longestBusy;
  });
  const vitest = await createQuietVitest(input, {
    onTestModuleCollected: ({ children }) => {
      // A module that cannot be loaded has none.
      if (children.size === 0) return;
      began = performance.now();
      progress = begin();
      signal.addEventListener('abort', cancel);
    },
    onTestCaseReady: (test) => progress?.started(readId(test)),
    onTestCaseResult: (test) => progress?.ended(readId(test), test.result().state === 'failed'),
  });
  const busy = await Promise.race([vitest.start().then(() => undefined), watch.stuck]);
  watch.close();
  signal.removeEventListener('abort', cancel);
  progress?.close();
  const hasBegun = progress !== undefined;
  progress = undefined;
  const duration = performance.now() - began;
  if (busy === undefined) {
    try {
      return { ...readResults(vitest, cases, signal.aborted ? new Interruption().message : undefined), duration };
    } finally {
      await vitest.close();
    }
  }
  // Vitest would wait for it.
  const { calls } = input.options;
  const [file, kept] = [
    calls && fileURLToPath(calls),
    `kept its thread busy for ${busy} ms, in an endless loop perhaps`,
  ];
  if (!hasBegun) {
    throw new InputError(
      file === undefined ? `${couldNotBeRun}: it ${kept}.` : `The call source ${file} cannot be loaded: it ${kept}.`,
    );
  }
  // On a busy machine a thread without a source may only have had no turn.
  const usual = file === undefined && isOutOfTime() ? outOfTime(maxDuration) : undefined;
  const subject = file === undefined ? 'the suite' : `the call source ${file}`;
  const reason = signal.aborted ? new Interruption().message : (usual ?? `${subject} ${kept}`);
  const results = readResults(vitest, cases, reason);
  const left = file === undefined ? [] : [`calls that ${file} placed may be left, since it was given up`];
  return { ...results, remarks: [...results.remarks, ...left], duration };
}

/**
 * Watches whether the suite's thread gives signs of life, from the first one on.
 *
 * @param patience - Returns for how long there may be none, in milliseconds.
 */
function watchThread(patience: () => number) {
  const { promise: stuck, resolve } = Promise.withResolvers<number>();
  const channel = new BroadcastChannel(signsOfLife);
  let silence: number | undefined;
  channel.onmessage = () => (silence = 0);
  channel.unref();
  // Time in which this thread was busy too does not count.
  const timer = setInterval(() => {
    if (silence === undefined) return;
    silence += lifeInterval;
    if (silence > patience()) resolve(silence);
  }, lifeInterval);
  return {
    /** Resolves with how long the thread gave none, in milliseconds. */
    stuck,
    close: () => {
      clearInterval(timer);
      channel.close();
    },
  };
}

/** The files that a run opens at the same time besides those of this process: its connections, and what a thread has. */
const filesOfRun = 24;

/** @throws InputError if this process may not open as many files: the run would be lost in its midst. */
function assertFilesCanBeOpened(count: number): void {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(openSync(devNull, 'r'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(
      `A run opens ${count} files at once, and this process only ${opened.length} (${code}): raise ulimit -n.`,
    );
  } finally {
    opened.forEach((file) => closeSync(file));
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
  endedBy: string | undefined,
): Omit<SuiteResult, 'duration'> {
  const modules = state.getTestModules();
  const epilogue = modules[0]?.meta().epilogue;
  // An error that nothing caught in the thread is in the epilogue, if the run came so far.
  const [failure] = readErrors(modules, epilogue === undefined ? state.getUnhandledErrors() : []);
  if (failure !== undefined) throw new Error(failure);
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const told = new Map(tests.flatMap((test) => test.meta().result ?? []).map((result) => [result.id, result]));
  const results = cases.flatMap(
    (testCase) => told.get(testCase.id) ?? (endedBy === undefined ? [] : leftOut(testCase, endedBy)),
  );
  if (results.length < cases.length || (epilogue === undefined && endedBy === undefined)) {
    throw new Error(`${couldNotBeRun}: it ended before its time`);
  }
  const { remarks = [], ...rest } = epilogue ?? { selfCheck: undefined, strayError: undefined };
  return { ...rest, results, remarks: [...unfinishedRemarks(results), ...remarks] };
}

/** The result of a case that has none since the run ended early. */
function leftOut({ id, requirement, title, control }: PreparedRun['cases'][number], reason: string): CaseResult {
  const nothing = { answers: [], accepted: false, checks: [], exchanges: [], duration: 0 };
  return { id, requirement, title, control, verdict: 'unreached', reason, cutShort: true, ...nothing };
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
