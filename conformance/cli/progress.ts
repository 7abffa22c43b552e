import type { RunDescription } from '../report/report.ts';
import { counted } from '../report/texts.ts';

export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  started(id: string): void;
  ended(id: string, failed: boolean): void;
  /** Writes something else to standard error, on separate lines. */
  write(text: string): void;
  /** Leaves nothing of the live line on the terminal. */
  close(): void;
}

/** The time between two writings of the live line, in milliseconds. */
const livePeriod = 200;

/** The shortest and the longest time between two plain lines, in milliseconds. */
const plainPause = { least: 1000, most: 10_000 };

/**
 * Starts a live line on standard error if that is a terminal, otherwise a few lines before the report: after each quarter
 * of the cases or after ten seconds, but not several in a second.
 *
 * @param introduction - The sentence that says what is run, where lines are kept.
 * @param all - The number of cases.
 */
export function startProgress(
  { introduction, all }: { readonly introduction: string; readonly all: number },
  { stderr, stdout }: Readonly<Record<'stderr' | 'stdout', ProgressOutput>>,
  environment: Readonly<Record<string, string | undefined>>,
): Progress {
  const since = performance.now();
  const running = new Map<string, number>();
  const count = { done: 0, failed: 0 };
  const describe = () => {
    const now = performance.now();
    const secondsFrom = (time: number) => `${Math.floor((now - time) / 1000)} s`;
    const [longest] = running;
    const rest = longest === undefined ? '' : `, longest ${longest[0]} ${secondsFrom(longest[1])}`;
    return `${count.done}/${all} cases, ${count.failed} failed, ${secondsFrom(since)}${rest}`;
  };
  const clear = () => void stderr.write('\r\u001b[K');
  const showLive = () => void stderr.write(`\r${fit(describe(), (stderr.columns ?? 80) - 1)}\u001b[K`);
  let told = { at: since, quarter: 0 };
  const tellSometimes = () => {
    const at = performance.now();
    const quarter = Math.floor((count.done / all) * 4);
    const pause = quarter > told.quarter ? plainPause.least : plainPause.most;
    if (at - told.at < pause || count.done === all) return;
    told = { at, quarter };
    stdout.write(`${describe()}\n`);
  };
  const isLive = stderr.isTTY === true && environment.CI === undefined && environment.TERM !== 'dumb';
  if (isLive) showLive();
  else stdout.write(`${introduction}\n`);
  const timer = isLive ? setInterval(showLive, livePeriod) : setInterval(tellSometimes, plainPause.least);
  return {
    started: (id) => void running.set(id, performance.now()),
    ended: (id, failed) => {
      running.delete(id);
      count.done += 1;
      if (failed) count.failed += 1;
      if (!isLive) tellSometimes();
    },
    write: (text) => {
      if (isLive) clear();
      stderr.write(text);
    },
    close: () => {
      clearInterval(timer);
      if (isLive) clear();
    },
  };
}

/** Cuts a line to less than the width of a terminal, where the cursor would move to the next one. */
function fit(line: string, room: number): string {
  return line.length <= room ? line : `${line.slice(0, Math.max(room - 1, 0))}…`.slice(0, Math.max(room, 0));
}

/** Tells nothing of a run. */
export function silentProgress({ stderr }: { readonly stderr: ProgressOutput }): Progress {
  const nothing = () => undefined;
  return { started: nothing, ended: nothing, write: (text) => void stderr.write(text), close: nothing };
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
