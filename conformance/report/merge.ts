import type { Case } from '../cases/case.ts';
import { parseShard, selectShard, type Shard } from '../cases/select.ts';
import { defaultOptions, pickSettings, showSharedOptions, type Settings } from '../cli/options.ts';
import { InputError } from '../contract/input-error.ts';
import type { CaseResult, CaseVerdict, Report } from './model.ts';

export interface ShardReport {
  readonly file: string;
  readonly report: Report;
}

type CaseList = readonly Pick<Case, 'id' | 'effect'>[];

/**
 * Merges the shards of a run, to be judged as one run.
 *
 * @param listCases - Lists the cases of a run with some settings, in their order.
 * @throws InputError with one line that names a report, if they are not all the shards of one run.
 */
export function mergeReports(shards: readonly ShardReport[], listCases: (settings: Settings) => CaseList) {
  assertShardsOfOneRun(shards);
  const reports = shards
    .map(({ report }) => report)
    .toSorted((one, other) => readShard(one).index - readShard(other).index);
  const [first] = reports as [Report];
  const cases = listCases(first.settings);
  assertCasesOfShards(shards, cases);
  const results = Map.groupBy(
    reports.flatMap((report) => report.cases),
    ({ id }) => id,
  );
  const startedAt = Math.min(...reports.map(begin));
  return {
    tool: first.tool,
    contract: first.contract,
    target: first.target,
    settings: pickEqual(reports.map(({ settings }) => settings)),
    startedAt,
    duration: Math.max(...reports.map(end)) - startedAt,
    remarks: [...mergeRemarks(reports), ...remarkSharedCalls(reports)],
    known: first.known && {
      file: first.known.file,
      failures: first.known.failures.map(({ state: _state, ...failure }) => failure),
    },
    results: cases.map(({ id }) => findWorst(results.get(id) ?? [])),
  };
}

const begin = ({ startedAt }: Report) => Date.parse(startedAt);
const end = (report: Report) => begin(report) + report.duration;

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

/** Returns the remarks of all shards; each with its shard, unless all have it. */
function mergeRemarks(reports: readonly Report[]): string[] {
  const all = reports.flatMap(({ remarks, settings }) => remarks.map((remark) => ({ remark, shard: settings.shard })));
  return [...Map.groupBy(all, ({ remark }) => remark)].flatMap(([remark, said]) =>
    said.length === reports.length ? [remark] : said.map(({ shard }) => `shard ${shard}: ${remark}`),
  );
}

const worstFirst: readonly CaseVerdict[] = ['error', 'fail', 'unreached', 'warn', 'not applicable', 'pass'];

/** Chooses the control that counts: one that was refused makes refusals prove nothing. */
function findWorst(results: readonly CaseResult[]): CaseResult {
  const rank = ({ accepted, verdict }: CaseResult) => (accepted ? 10 : 0) + worstFirst.indexOf(verdict);
  return results.toSorted((one, other) => rank(one) - rank(other))[0] as CaseResult;
}

/**
 * Returns a remark if shards used the same calls at the same time: where one moves a call, another sees an effect that it
 * blames on its own requests.
 */
function remarkSharedCalls(reports: readonly Report[]): string[] {
  const users = reports.map((report) => ({ report, calls: listCalls(report) }));
  const together = users.filter(({ report, calls }) =>
    users.some(
      (other) =>
        other.report !== report &&
        begin(report) < end(other.report) &&
        begin(other.report) < end(report) &&
        !calls.isDisjointFrom(other.calls),
    ),
  );
  if (together.length === 0) return [];
  const names = together.map(({ report }) => `shard ${report.settings.shard}`).join(', ');
  return [
    `${names} used the same calls at the same time, so that effects may be mistaken: give each its own --call and --other-call.`,
  ];
}

/** Lists the ids of the calls that a run was given; a source places others for each run. */
function listCalls({ settings: { calls, call = 'that of the contract', otherCall = [] } }: Report): Set<string> {
  const named = [call, ...otherCall].map((text) => text.split('/').at(-1) ?? '');
  return new Set(calls === undefined ? named : []);
}

/** The facts that the shards of one run have in common, as texts by their names. */
function listCommonFacts({ tool, contract, target, settings, known }: Report): Record<string, string> {
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

/** @throws InputError if a report is not of a shard, is of another run than the first, or is there twice or not at all. */
function assertShardsOfOneRun(shards: readonly ShardReport[]): void {
  const whole = shards.find(({ report }) => report.settings.shard === undefined);
  if (whole !== undefined) {
    throw new InputError(`${whole.file} is the report of a whole run: expected that of a shard, made with --shard.`);
  }
  const [first, ...others] = shards as [ShardReport, ...ShardReport[]];
  const expected = listCommonFacts(first.report);
  for (const { file, report } of others) {
    const [name, fact] = Object.entries(listCommonFacts(report)).find(([key, text]) => text !== expected[key]) ?? [];
    if (name === undefined) continue;
    throw new InputError(
      `${file} is of another run than ${first.file}: its ${name} is ${fact}, not ${expected[name]}.`,
    );
  }
  const byShard = Map.groupBy(shards, ({ report }) => report.settings.shard ?? '');
  const [shard, same] = [...byShard].find(([, all]) => all.length > 1) ?? [];
  if (same !== undefined) {
    throw new InputError(
      `${same.map(({ file }) => file).join(' and ')} are both shard ${shard}: leave one of them out.`,
    );
  }
  const { count } = readShard(first.report);
  const absent = Array.from({ length: count }, (_, place) => `${place + 1}/${count}`).filter(
    (one) => !byShard.has(one),
  );
  if (absent.length === 0) return;
  const missing = absent.length === 1 ? 'A shard is' : `${absent.length} shards are`;
  throw new InputError(`${missing} missing: name the folder of ${absent.join(', ')} too.`);
}

/** @throws InputError if a shard has other cases than this toolkit deals to it. */
function assertCasesOfShards(shards: readonly ShardReport[], cases: CaseList): void {
  const unlike = shards.find(({ report }) => {
    const dealt = new Set(selectShard(cases, readShard(report)).map(({ id }) => id));
    return report.cases.length !== dealt.size || report.cases.some(({ id }) => !dealt.has(id));
  });
  if (unlike === undefined) return;
  throw new InputError(
    `${unlike.file} has other cases than the rest of its run would have: run all shards with the same options and numbers.`,
  );
}
