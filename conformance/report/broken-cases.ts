import type { CaseResult } from '../run/result.ts';
import { curlOf } from './curl.ts';
import type { Finding } from './findings.ts';
import type { Report } from './report.ts';

/** What is said of a case that breaks something, the worst last. */
const rank: readonly Finding['outcome'][] = ['warned', 'known', 'violated'];

/** The cases whose answers break something, by their ids, with the worst that is said of each. */
export function brokenCases({ findings }: Report): Map<string, Finding['outcome']> {
  const inOrder = findings.toSorted((one, other) => rank.indexOf(one.outcome) - rank.indexOf(other.outcome));
  return new Map(
    inOrder.flatMap(({ outcome, differences }) =>
      differences.flatMap(({ cases }) => cases.map((id) => [id, outcome] as const)),
    ),
  );
}

/** What the answers of a case break, a line each. */
export function violationLines({ checks }: CaseResult): string[] {
  return checks.flatMap(({ requirement, violations }) =>
    violations.map(({ at, expected, actual }) => `${requirement}: ${at}: expected ${expected}, came ${actual}`),
  );
}

/** The commands that send the requests again whose answers break something, in their order. */
export function reproductions({ checks, exchanges }: CaseResult, origin: string): string[] {
  const broken = new Set(checks.flatMap(({ violations }) => violations.map(({ exchange = 0 }) => exchange)));
  return exchanges.filter((_, index) => broken.has(index)).map(({ request }) => curlOf(request, origin));
}
