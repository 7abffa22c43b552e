import type { Report } from './report.ts';
import { shardName, sharedIds } from './shards.ts';

/**
 * A remark for shards that used the same calls at the same time: where one moves a call, another takes that for an effect
 * of its own requests. Told by the cases that each shard has.
 */
export function sharedCallRemarks(reports: readonly Report[]): string[] {
  const shared = new Set(sharedIds(reports.map(({ cases }) => cases)));
  const users = reports.map((report) => ({ report, calls: callsOf(report, shared) }));
  const together = users.filter((one) =>
    users.some((other) => other !== one && overlap(one.report, other.report) && !one.calls.isDisjointFrom(other.calls)),
  );
  if (together.length === 0) return [];
  const names = together.map(({ report }) => shardName(report)).join(', ');
  return [
    `${names} used the same calls at the same time, so that effects may be mistaken: give each its own --call and --other-call.`,
  ];
}

/** What the calls of a shard are called: the one that is transferred by its path, the others by their addresses. */
function callsOf({ cases, target }: Report, shared: ReadonlySet<string>): Set<string> {
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
