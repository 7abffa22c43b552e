import { parseShard, type Shard } from '../cases/select.ts';
import { defaultOptions, pickSettings, showSharedOptions, type Settings } from '../cli/options.ts';
import type { KnownList } from './known.ts';
import type { CaseResult, CaseVerdict, Report } from './model.ts';
import type { RunDescription } from './report.ts';

/** The report of a shard, and the file that it was read from. */
export interface ShardReport {
  readonly file: string;
  readonly report: Report;
}

/** The merged shards of a run, to be judged as one run. */
export interface MergedRun extends Omit<RunDescription, 'lines' | 'selfCheck' | 'surface'> {
  readonly known: KnownList | undefined;
  /** In the order in which one run would have run them. */
  readonly results: readonly CaseResult[];
}

/**
 * Merges the shards of a run.
 *
 * @throws Error with one line that names a report, if they are not all the shards of one run.
 */
export function mergeReports(shards: readonly ShardReport[]): MergedRun {
  assertShardsOfOneRun(shards);
  const reports = shards
    .map(({ report }) => report)
    .toSorted((one, other) => readShard(one).index - readShard(other).index);
  const [first] = reports as [Report];
  const begun = reports.map(({ startedAt }) => Date.parse(startedAt));
  const startedAt = Math.min(...begun);
  return {
    tool: first.tool,
    contract: first.contract,
    target: first.target,
    settings: pickEqual(reports.map(({ settings }) => settings)),
    startedAt,
    duration: Math.max(...reports.map(({ duration }, place) => (begun[place] ?? 0) + duration)) - startedAt,
    remarks: [...mergeRemarks(reports), ...remarkSharedCalls(reports)],
    known: first.known && {
      file: first.known.file,
      failures: first.known.failures.map(({ state: _state, ...failure }) => failure),
    },
    results: interleave(reports.map(({ cases }) => cases)),
  };
}

/** Returns the settings that all shards have in common; each shard may name its own call. */
function pickEqual([first, ...others]: readonly Settings[]): Settings {
  const isCommon = ([name, value]: [string, unknown]) =>
    name !== 'shard' &&
    others.every((other) => JSON.stringify(other[name as keyof Settings]) === JSON.stringify(value));
  return pickSettings({ ...defaultOptions, ...Object.fromEntries(Object.entries(first ?? {}).filter(isCommon)) });
}

function readShard({ settings }: Report): Shard {
  return parseShard(settings.shard) ?? { index: 0, count: 0 };
}

function shardName({ settings }: Report): string {
  return `shard ${settings.shard}`;
}

/** Returns the remarks of all shards; each with its shard, unless all have it. */
function mergeRemarks(reports: readonly Report[]): string[] {
  const byRemark = Map.groupBy(
    reports.flatMap((report) => report.remarks.map((remark) => ({ remark, report }))),
    ({ remark }) => remark,
  );
  return [...byRemark].flatMap(([remark, said]) =>
    said.length === reports.length ? [remark] : said.map(({ report }) => `${shardName(report)}: ${remark}`),
  );
}

/** Returns the ids of the cases that more than one shard has, such as the control of refusals. */
function sharedIds(hands: readonly (readonly CaseResult[])[]): Set<string> {
  const counts = Map.groupBy(hands.flat(), ({ id }) => id);
  return new Set([...counts].filter(([, results]) => results.length > 1).map(([id]) => id));
}

/** Interleaves the shards' cases back into the order of one run; shared cases appear once. */
function interleave(hands: readonly (readonly CaseResult[])[]): CaseResult[] {
  const shared = sharedIds(hands);
  const isShared = ({ id }: CaseResult) => shared.has(id);
  const dealt = hands.map((cases) => cases.filter((result) => !isShared(result)));
  const rounds = Math.max(...dealt.map(({ length }) => length));
  const results = Array.from({ length: rounds }, (_, round) => dealt.flatMap((cases) => cases[round] ?? [])).flat();
  return [...shared].reduce((merged, id, inserted) => {
    const same = hands.flatMap((cases) => cases.filter((result) => result.id === id));
    const dealtBefore = hands.flatMap((cases) => {
      const end = cases.findIndex((result) => result.id === id);
      return cases.slice(0, end).filter((result) => !isShared(result));
    });
    return merged.toSpliced(dealtBefore.length + inserted, 0, findWorst(same));
  }, results);
}

const worstFirst: readonly CaseVerdict[] = ['error', 'fail', 'unreached', 'warn', 'not applicable', 'pass'];

/** Chooses the control that counts: one that was refused makes refusals prove nothing. */
function findWorst(controls: readonly CaseResult[]): CaseResult {
  const rank = ({ accepted, verdict }: CaseResult) => (accepted ? 10 : 0) + worstFirst.indexOf(verdict);
  return controls.toSorted((one, other) => rank(one) - rank(other))[0] as CaseResult;
}

/**
 * Returns a remark if shards used the same calls at the same time: where one moves a call, another sees an effect that it
 * blames on its own requests.
 */
function remarkSharedCalls(reports: readonly Report[]): string[] {
  const shared = sharedIds(reports.map(({ cases }) => cases));
  const users = reports.map((report) => ({ report, calls: listCalls(report, shared) }));
  const together = users.filter((one) =>
    users.some((other) => other !== one && overlap(one.report, other.report) && !one.calls.isDisjointFrom(other.calls)),
  );
  if (together.length === 0) return [];
  const names = together.map(({ report }) => shardName(report)).join(', ');
  return [
    `${names} used the same calls at the same time, so that effects may be mistaken: give each its own --call and --other-call.`,
  ];
}

/** Names the calls of a shard by the cases that all shards have: by its path, or by extension and call. */
function listCalls({ cases, target }: Report, shared: ReadonlySet<string>): Set<string> {
  const exchanges = cases.filter(({ id }) => shared.has(id)).flatMap((result) => result.exchanges);
  return new Set(
    exchanges.flatMap(({ request, readings }) => [
      `${target.origin}${request.path}`,
      ...(readings?.others ?? []).map(({ extension, call }) => `${target.origin} ${extension} ${call}`),
    ]),
  );
}

function overlap(one: Report, other: Report): boolean {
  const [begun, otherBegun] = [Date.parse(one.startedAt), Date.parse(other.startedAt)];
  return begun < otherBegun + other.duration && otherBegun < begun + one.duration;
}

/** The facts that the shards of one run have in common, as texts by their names. */
function commonFacts({ tool, contract, target, settings, known }: Report): Record<string, string> {
  const entries = known?.failures.map(({ id, until = '' }) => `${id} ${until}`.trim());
  return {
    toolkit: `${tool.name} ${tool.version}`,
    contract: `${contract.title} ${contract.version}, sha256 ${contract.sha256.slice(0, 12)}`,
    target: target.name,
    'number of shards': String(parseShard(settings.shard)?.count),
    ...showSharedOptions(settings),
    'list of known failures': entries === undefined ? 'none' : entries.join(', ') || 'an empty one',
  };
}

function assertShardsOfOneRun(shards: readonly ShardReport[]): void {
  // A shard may have no generated case at all.
  const generated = shards.filter(({ report }) => report.fuzz !== undefined);
  const problem =
    findWholeRun(shards) ??
    findOtherRun(shards, commonFacts) ??
    findOtherRun(generated, ({ fuzz }) => ({ seed: String(fuzz?.seed) })) ??
    findWrongNumber(shards) ??
    findUnlike(shards);
  if (problem !== undefined) throw new Error(problem);
}

function findWholeRun(shards: readonly ShardReport[]): string | undefined {
  const whole = shards.find(({ report }) => report.settings.shard === undefined);
  return whole && `${whole.file} is the report of a whole run: expected that of a shard, made with --shard.`;
}

function findOtherRun(
  [first, ...others]: readonly ShardReport[],
  readFacts: (report: Report) => Record<string, string>,
): string | undefined {
  if (first === undefined) return undefined;
  const expected = readFacts(first.report);
  const problems = others.flatMap(({ file, report }) =>
    Object.entries(readFacts(report))
      .filter(([name, fact]) => fact !== expected[name])
      .map(
        ([name, fact]) =>
          `${file} is of another run than ${first.file}: its ${name} is ${fact}, not ${expected[name]}.`,
      ),
  );
  return problems[0];
}

/** Finds a shard that is there twice, or not at all. */
function findWrongNumber(shards: readonly ShardReport[]): string | undefined {
  const byName = Map.groupBy(shards, ({ report }) => shardName(report));
  const [name, same] = [...byName].find(([, all]) => all.length > 1) ?? [];
  if (same !== undefined)
    return `${same.map(({ file }) => file).join(' and ')} are both ${name}: leave one of them out.`;
  const count = shards[0] === undefined ? 0 : readShard(shards[0].report).count;
  const names = Array.from({ length: count }, (_, place) => `${place + 1}/${count}`);
  const absent = names.filter((one) => !byName.has(`shard ${one}`));
  if (absent.length === 0) return undefined;
  return `${absent.length === 1 ? 'A shard is' : `${absent.length} shards are`} missing: name the folder of ${absent.join(', ')} too.`;
}

/** Cases are dealt to shards in turn, so that their numbers show whether all shards dealt the same cases. */
function findUnlike(shards: readonly ShardReport[]): string | undefined {
  const hands = shards.map(({ report }) => report.cases);
  const shared = sharedIds(hands);
  const countOwn = (cases: readonly CaseResult[]) => cases.filter(({ id }) => !shared.has(id)).length;
  const all = countOwn(hands.flat());
  const unlike = shards.find(({ report }) => {
    return countOwn(report.cases) !== Math.ceil((all - readShard(report).index + 1) / shards.length);
  });
  const isEverywhere = hands.every((cases) => shared.isSubsetOf(new Set(cases.map(({ id }) => id))));
  if (unlike === undefined && isEverywhere) return undefined;
  return `${(unlike ?? shards[0])?.file} has other cases than the rest of its run would have: run all shards with the same options and numbers.`;
}
