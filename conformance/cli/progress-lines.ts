import type { RunDescription } from '../report/report.ts';

/** How far a run is. */
export interface ProgressState {
  readonly all: number;
  done: number;
  failed: number;
  /** When the run began, in milliseconds. */
  readonly since: number;
  /** The ids of the cases that are under way, and since when, the longest first. */
  readonly running: Map<string, number>;
}

/** What is run, against what, and how. */
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
  return `${target.name}: ${cases} cases of ${contract.title} ${contract.version}; ${how.join(', ')}`;
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
