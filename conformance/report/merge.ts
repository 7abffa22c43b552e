import type { CaseResult, CaseVerdict } from '../run/result.ts';
import type { KnownList } from './known-failures.ts';
import type { Report, RunDescription } from './report.ts';
import { sharedCallRemarks } from './shared-calls.ts';
import { assertShardsOfOneRun, sharedIds, shardName, type ShardReport } from './shards.ts';

/** What the shards of a run tell together, to be judged as one run. */
export interface MergedRun extends Omit<RunDescription, 'lines' | 'selfCheck' | 'surface'> {
  readonly known: KnownList | undefined;
  /** In the order in which one run would have run them. */
  readonly results: readonly CaseResult[];
}

/** How bad it is what became of a case, the worst first. */
const worstFirst: readonly CaseVerdict[] = ['error', 'fail', 'unreached', 'warn', 'not applicable', 'pass'];

/**
 * Puts the shards of a run together.
 *
 * @throws Error with one line that names a report, if they are not all the shards of one run.
 */
export function mergedRun(shards: readonly ShardReport[]): MergedRun {
  assertShardsOfOneRun(shards);
  const reports = inOrder(shards).map(({ report }) => report);
  const [first] = reports as [Report];
  const { shard: _shard, ...settings } = first.settings;
  const begun = reports.map(({ startedAt }) => Date.parse(startedAt));
  const startedAt = Math.min(...begun);
  return {
    tool: first.tool,
    contract: first.contract,
    target: first.target,
    settings,
    startedAt,
    duration: Math.max(...reports.map(({ duration }, place) => (begun[place] ?? 0) + duration)) - startedAt,
    remarks: [...remarksOf(reports), ...sharedCallRemarks(reports)],
    known: first.known && { file: first.known.file, failures: first.known.failures.map(withoutState) },
    results: dealtBack(reports.map(({ cases }) => cases)),
  };
}

function inOrder(shards: readonly ShardReport[]): ShardReport[] {
  const placeOf = ({ report }: ShardReport) => report.settings.shard?.index ?? 0;
  return shards.toSorted((one, other) => placeOf(one) - placeOf(other));
}

function withoutState({ state: _state, ...failure }: NonNullable<Report['known']>['failures'][number]) {
  return failure;
}

/** What is to be said of the run: with its shard, unless it is the same for all. */
function remarksOf(reports: readonly Report[]): string[] {
  const byRemark = Map.groupBy(
    reports.flatMap((report) => report.remarks.map((remark) => ({ remark, report }))),
    ({ remark }) => remark,
  );
  return [...byRemark].flatMap(([remark, said]) =>
    said.length === reports.length ? [remark] : said.map(({ report }) => `${shardName(report)}: ${remark}`),
  );
}

/** The cases in the order in which they were dealt to the shards, one by one; those of all shards once, where they belong. */
function dealtBack(hands: readonly (readonly CaseResult[])[]): CaseResult[] {
  const shared = new Set(sharedIds(hands));
  const isShared = ({ id }: CaseResult) => shared.has(id);
  const dealt = hands.map((cases) => cases.filter((result) => !isShared(result)));
  const rounds = Math.max(...dealt.map(({ length }) => length));
  const results = Array.from({ length: rounds }, (_, round) => dealt.flatMap((cases) => cases[round] ?? [])).flat();
  return [...shared].reduce((merged, id, inserted) => {
    const same = hands.flatMap((cases) => cases.filter((result) => result.id === id));
    return merged.toSpliced(dealtBefore(id, hands, isShared) + inserted, 0, worstOf(same));
  }, results);
}

function dealtBefore(
  id: string,
  hands: readonly (readonly CaseResult[])[],
  isShared: (result: CaseResult) => boolean,
): number {
  const before = hands.flatMap((cases) =>
    cases.slice(
      0,
      cases.findIndex((result) => result.id === id),
    ),
  );
  return before.filter((result) => !isShared(result)).length;
}

function worstOf(controls: readonly CaseResult[]): CaseResult {
  const badness = ({ accepted, verdict }: CaseResult) => (accepted ? 10 : 0) + worstFirst.indexOf(verdict);
  return controls.toSorted((one, other) => badness(one) - badness(other))[0] as CaseResult;
}
