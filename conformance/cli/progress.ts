import type { RunDescription } from '../report/report.ts';
import { counted } from '../report/texts.ts';

/** A stream that progress is written to. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Tells how far a run is. */
export interface Progress {
  started(id: string): void;
  ended(id: string, failed: boolean): void;
  /** Writes something else to standard error, on separate lines. */
  write(text: string): void;
  /** Leaves nothing of the live line on the terminal. */
  close(): void;
}

/** A display of the progress, which is called when it changes and before other text. */
interface Display {
  changed(): void;
  beforeOther(): void;
  close(): void;
}

/** The time between two writings of the live line, in milliseconds. */
const livePeriod = 200;

/** The shortest and the longest time between two plain lines, in milliseconds. */
const plainPause = { least: 1000, most: 10_000 };

/**
 * Starts a live line on standard error if that is a terminal, otherwise a few lines before the report.
 *
 * @param introduction - The sentence that says what is run, where lines are kept.
 * @param all - The number of cases.
 */
export function startProgress(
  { introduction, all }: { readonly introduction: string; readonly all: number },
  { stderr, stdout }: Readonly<Record<'stderr' | 'stdout', ProgressOutput>>,
  environment: Readonly<Record<string, string | undefined>>,
): Progress {
  const state: ProgressState = { all, done: 0, failed: 0, since: performance.now(), running: new Map() };
  const isLive = stderr.isTTY === true && environment.CI === undefined && environment.TERM !== 'dumb';
  const display = isLive ? liveDisplay(state, stderr) : plainDisplay(state, stdout, introduction);
  return {
    started: (id) => void state.running.set(id, performance.now()),
    ended: (id, failed) => {
      state.running.delete(id);
      state.done += 1;
      if (failed) state.failed += 1;
      display.changed();
    },
    write: (text) => {
      display.beforeOther();
      stderr.write(text);
    },
    close: () => display.close(),
  };
}

/** Tells nothing of a run. */
export function silentProgress({ stderr }: { readonly stderr: ProgressOutput }): Progress {
  const nothing = () => undefined;
  return { started: nothing, ended: nothing, write: (text) => void stderr.write(text), close: nothing };
}

function liveDisplay(state: ProgressState, output: ProgressOutput): Display {
  const clear = () => void output.write('\r\u001b[K');
  const show = () => output.write(`\r${progressLine(state, performance.now(), output.columns ?? 80)}\u001b[K`);
  const timer = setInterval(show, livePeriod);
  show();
  return {
    changed: () => undefined,
    beforeOther: clear,
    close: () => {
      clearInterval(timer);
      clear();
    },
  };
}

/** A line after each quarter of the cases or after ten seconds, but not several in a second. */
function plainDisplay(state: ProgressState, output: ProgressOutput, introduction: string): Display {
  let told = { at: performance.now(), quarter: 0 };
  output.write(`${introduction}\n`);
  const changed = () => {
    const now = performance.now();
    const quarter = Math.floor((state.done / state.all) * 4);
    const pause = quarter > told.quarter ? plainPause.least : plainPause.most;
    if (now - told.at < pause || state.done === state.all) return;
    told = { at: now, quarter };
    output.write(`${plainLine(state, now)}\n`);
  };
  const timer = setInterval(changed, plainPause.least);
  return { changed, beforeOther: () => undefined, close: () => clearInterval(timer) };
}

/** The progress of a run so far. */
export interface ProgressState {
  readonly all: number;
  done: number;
  failed: number;
  /** When the run began, in milliseconds. */
  readonly since: number;
  /** The ids of the cases that are under way, and since when, the longest first. */
  readonly running: Map<string, number>;
}

/** Says what is run, against what, and how. */
export function introductionOf(
  { target, contract, settings }: Pick<RunDescription, 'target' | 'contract' | 'settings'>,
  cases: number,
): string {
  const { profile, only, strict, shard, concurrency, timeout, effectTimeout } = settings;
  const how = [
    `profile ${profile.join(' and ')}`,
    ...(only.length > 0 ? [`only ${only.join(' ')}`] : []),
    ...(shard === undefined ? [] : [`shard ${shard.replace('/', ' of ')}`]),
    ...(strict ? ['strict'] : []),
    `${concurrency} at once`,
    `time limits ${timeout} ms, ${effectTimeout} ms for effects`,
  ];
  return `${target.name}: ${counted(cases, 'case')} of ${contract.title} ${contract.version}; ${how.join(', ')}`;
}

/** The line on a terminal, which is never as wide as it is: the cursor would move to the next one. */
export function progressLine(state: ProgressState, now: number, columns: number): string {
  const line = [countsOf(state, now), ...longestOf(state, now)].join(', ');
  const room = Math.max(columns - 1, 0);
  return line.length <= room ? line : `${line.slice(0, Math.max(room - 1, 0))}…`.slice(0, room);
}

/** The line where lines are kept. */
export function plainLine(state: ProgressState, now: number): string {
  return [countsOf(state, now), ...longestOf(state, now)].join(', ');
}

function countsOf({ all, done, failed, since }: ProgressState, now: number): string {
  return `${done}/${all} cases, ${failed} failed, ${secondsFrom(since, now)}`;
}

function longestOf({ running }: ProgressState, now: number): string[] {
  const [longest] = running;
  return longest === undefined ? [] : [`longest ${longest[0]} ${secondsFrom(longest[1], now)}`];
}

function secondsFrom(since: number, now: number): string {
  return `${Math.floor((now - since) / 1000)} s`;
}
