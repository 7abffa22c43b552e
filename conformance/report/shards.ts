import type { CaseResult } from '../run/result.ts';
import type { Report } from './report.ts';

/** The report of a shard, and the file that it was read from. */
export interface ShardReport {
  readonly file: string;
  readonly report: Report;
}

/** What the shards of one run have in common. */
const common: readonly (readonly [name: string, of: (report: Report) => string])[] = [
  ['toolkit', ({ tool }) => `${tool.name} ${tool.version}`],
  ['contract', ({ contract }) => `${contract.title} ${contract.version}, sha256 ${contract.sha256.slice(0, 12)}`],
  ['target', ({ target }) => target.name],
  ['number of shards', ({ settings }) => String(settings.shard?.count)],
  ['profiles', ({ settings }) => settings.profiles.join(', ')],
  ['choice of cases', ({ settings }) => settings.only.join(' ') || 'all'],
  ['--strict', ({ settings }) => String(settings.strict)],
  ['--concurrency', ({ settings }) => String(settings.concurrency)],
  ['--timeout', ({ settings }) => String(settings.timeout)],
  ['--effect-timeout', ({ settings }) => String(settings.effectTimeout)],
  ['list of known failures', ({ known }) => (known === undefined ? 'none' : entriesOf(known))],
];

function entriesOf({ failures }: NonNullable<Report['known']>): string {
  return failures.map(({ id, until = '' }) => `${id} ${until}`.trim()).join(', ') || 'an empty one';
}

/** A shard as messages and people call it. */
export function shardName({ settings: { shard } }: Report): string {
  return `shard ${shard?.index}/${shard?.count}`;
}

/**
 * Asserts that reports are all the shards of one run.
 *
 * @throws Error with one line that says which is not.
 */
export function assertShardsOfOneRun(shards: readonly ShardReport[]): void {
  const problem =
    shards.map(unsplit).find(Boolean) ??
    common.map((property) => differenceOf(property, shards)).find(Boolean) ??
    seedProblem(shards) ??
    twice(shards) ??
    missing(shards) ??
    unlikeOthers(shards);
  if (problem !== undefined) throw new Error(problem);
}

/** The cases that more than one shard has: what tells something of the others, the control of refusals for example. */
export function sharedIds(hands: readonly (readonly CaseResult[])[]): string[] {
  const counts = Map.groupBy(hands.flat(), ({ id }) => id);
  return [...counts].filter(([, results]) => results.length > 1).map(([id]) => id);
}

function unsplit({ file, report }: ShardReport): string | undefined {
  if (report.settings.shard !== undefined) return undefined;
  return `${file} is the report of a whole run: expected that of a shard, made with --shard.`;
}

function differenceOf([name, of]: (typeof common)[number], shards: readonly ShardReport[]): string | undefined {
  const [first, ...others] = shards as [ShardReport, ...ShardReport[]];
  const other = others.find(({ report }) => of(report) !== of(first.report));
  if (other === undefined) return undefined;
  return `${other.file} is of another run than ${first.file}: its ${name} is ${of(other.report)}, not ${of(first.report)}.`;
}

/** A shard may have no generated case at all. */
function seedProblem(shards: readonly ShardReport[]): string | undefined {
  const [first, ...others] = shards.filter(({ report }) => report.fuzz !== undefined);
  const other = others.find(({ report }) => report.fuzz?.seed !== first?.report.fuzz?.seed);
  if (other === undefined) return undefined;
  return `${other.file} is of another run than ${first?.file}: its seed is ${other.report.fuzz?.seed}, not ${first?.report.fuzz?.seed}.`;
}

function twice(shards: readonly ShardReport[]): string | undefined {
  const bySame = [...Map.groupBy(shards, ({ report }) => shardName(report))].find(([, same]) => same.length > 1);
  if (bySame === undefined) return undefined;
  const [name, same] = bySame;
  return `${same.map(({ file }) => file).join(' and ')} are both ${name}: leave one of them out.`;
}

function missing(shards: readonly ShardReport[]): string | undefined {
  const { count = 0 } = shards[0]?.report.settings.shard ?? {};
  const there = new Set(shards.map(({ report }) => report.settings.shard?.index));
  const absent = Array.from({ length: count }, (_, place) => place + 1).filter((index) => !there.has(index));
  if (absent.length === 0) return undefined;
  const names = absent.map((index) => `${index}/${count}`).join(', ');
  return `${absent.length === 1 ? 'A shard is' : `${absent.length} shards are`} missing: name the folder of ${names} too.`;
}

/** Cases are dealt out one by one, so that their numbers tell whether all shards dealt the same cases. */
function unlikeOthers(shards: readonly ShardReport[]): string | undefined {
  const hands = shards.map(({ report }) => report.cases);
  const shared = sharedIds(hands);
  const lengths = shards.map(({ file, report }) => ({
    file,
    index: report.settings.shard?.index ?? 0,
    own: report.cases.filter(({ id }) => !shared.includes(id)).length,
  }));
  const all = lengths.reduce((sum, { own }) => sum + own, 0);
  const expected = (index: number) => Math.ceil((all - index + 1) / shards.length);
  const unlike = lengths.find(({ index, own }) => own !== expected(index));
  const isEverywhere = hands.every((cases) => shared.every((id) => cases.some((result) => result.id === id)));
  if (unlike === undefined && isEverywhere) return undefined;
  const { file } = unlike ?? lengths[0] ?? {};
  return `${file} has other cases than the rest of its run would have: run all shards with the same options and numbers.`;
}
