import type { Totals } from '../../report/verdict.ts';
import type { TargetResult } from './run-target.ts';

/** The version of the form of overview.json. It grows by one when a member is taken away or changes its meaning. */
const overviewVersion = 1;

/** What the runs of a list of targets say, all in all: this is overview.json. */
export interface Overview {
  readonly version: typeof overviewVersion;
  /** As RFC 3339 has it, in UTC. */
  readonly startedAt: string;
  /** In milliseconds. */
  readonly duration: number;
  readonly exitCode: number;
  /** How many targets there are of each verdict. */
  readonly totals: Totals;
  /** In the order of the list. */
  readonly targets: readonly TargetResult[];
}

/** Exit codes, the worst first: a violation is known, nothing verified is not known, incomplete is known in part. */
const worstFirst = [1, 2, 3, 0];

/** Puts together what is known of the targets of a list. */
export function overviewOf(targets: readonly TargetResult[], startedAt: number, duration: number): Overview {
  return {
    version: overviewVersion,
    startedAt: new Date(startedAt).toISOString(),
    duration: Math.round(duration),
    exitCode: worstFirst.find((code) => targets.some(({ exitCode }) => exitCode === code)) ?? 2,
    totals: Object.fromEntries(
      [...Map.groupBy(targets, ({ verdict }) => verdict)].map(([verdict, all]) => [verdict, all.length]),
    ),
    targets,
  };
}

/** A target's result in a line. */
export function resultLine({ name, verdict, exitCode, duration, totals, reason }: TargetResult): string {
  const { violated = 0, unreached = 0 } = totals.requirements;
  const cases = Object.values(totals.cases).reduce<number>((sum, count = 0) => sum + count, 0);
  const parts = [
    ...(reason === undefined ? [`${cases} cases in ${seconds(duration)}`] : [reason]),
    ...(violated > 0 ? [`${violated} violated`] : []),
    ...(unreached > 0 ? [`${unreached} unreached`] : []),
    ...(exitCode === 1 && verdict !== 'not conforming' ? ['its list of known failures is out of date'] : []),
  ];
  return `${name}: ${verdict}; ${parts.join(', ')}`;
}

/** All results in a line. */
export function overviewLine({ targets, totals, duration }: Overview): string {
  const counts = Object.entries(totals).map(([verdict, count]) => `${count} ${verdict}`);
  return `${targets.length} target${targets.length === 1 ? '' : 's'} in ${seconds(duration)}: ${counts.join(', ')}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
