import type { Report } from './report.ts';
import type { Verdict } from './verdict.ts';

/** `unproved`: it was proved, and is not now; `proved`: the other way around. */
export type Change = 'broken' | 'fixed' | 'unproved' | 'proved' | 'new' | 'gone';

/** A requirement or a case that ended otherwise than before. */
export interface Changed {
  readonly id: string;
  readonly change: Change;
  /** What became of it in the first report; left out if it is new. */
  readonly before?: string;
  /** What became of it in the second report; left out if it is gone. */
  readonly after?: string;
}

/** What is different between two reports. */
export interface Comparison {
  readonly verdict: { readonly before: Verdict; readonly after: Verdict };
  /** Whether something broke, or the verdict is worse. */
  readonly isWorse: boolean;
  /** What keeps the runs from being comparable in full, a line each. */
  readonly warnings: readonly string[];
  readonly requirements: readonly Changed[];
  readonly cases: readonly Changed[];
}

/** Verdicts, the best first. */
const verdicts: readonly Verdict[] = ['conforming', 'incomplete', 'not conforming', 'nothing verified'];

/** How bad it is what became of a requirement or a case; what is not here proves nothing. */
const badness: Readonly<Record<string, number>> = {
  met: 0,
  pass: 0,
  warned: 1,
  warn: 1,
  violated: 2,
  known: 2,
  fail: 2,
  error: 2,
};

/** Compares the reports of two runs. A failure is one whether it is known or not. */
export function compareReports(before: Report, after: Report): Comparison {
  const requirements = changes(outcomesOf(before), outcomesOf(after));
  const cases = changes(verdictsOf(before), verdictsOf(after));
  const verdict = { before: before.verdict, after: after.verdict };
  const isWorse =
    verdicts.indexOf(after.verdict) > verdicts.indexOf(before.verdict) ||
    [...requirements, ...cases].some(({ change }) => change === 'broken');
  return { verdict, isWorse, warnings: warningsOf(before, after), requirements, cases };
}

function outcomesOf({ requirements }: Report): Map<string, string> {
  return new Map(requirements.map(({ id, outcome }) => [id, outcome]));
}

function verdictsOf({ cases }: Report): Map<string, string> {
  return new Map(cases.map(({ id, verdict }) => [id, verdict]));
}

function changes(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Changed[] {
  const gone = [...before].filter(([id]) => !after.has(id));
  return [
    ...[...after].flatMap(([id, now]): Changed[] => {
      const then = before.get(id);
      if (then === undefined) return [{ id, change: 'new', after: now }];
      const change = changeOf(then, now);
      return change === undefined ? [] : [{ id, change, before: then, after: now }];
    }),
    ...gone.map(([id, then]): Changed => ({ id, change: 'gone', before: then })),
  ];
}

function changeOf(then: string, now: string): Change | undefined {
  const [was, is] = [badness[then], badness[now]];
  if (is === undefined) return was === undefined ? undefined : 'unproved';
  // What fails where nothing was known of it before is worse news than that it is proved.
  if (was === undefined) return is === 2 ? 'broken' : 'proved';
  if (was === is) return undefined;
  return is > was ? 'broken' : 'fixed';
}

function warningsOf(before: Report, after: Report): string[] {
  const compared = Object.entries(comparable(before)).map(([what, then]) => [what, then, comparable(after)[what]]);
  return compared
    .filter(([, then, now]) => then !== now)
    .map(([what, then, now]) => `The reports differ in ${what}: ${then}, then ${now}`);
}

/** What ought to be the same where reports are compared. */
function comparable({ contract, tool, target, settings, fuzz }: Report): Record<string, string> {
  const { profiles, only, strict, shard, ...limits } = settings;
  return {
    'the contract': `${contract.title} ${contract.version} (sha256 ${contract.sha256.slice(0, 12)})`,
    'the tool': `${tool.name} ${tool.version}`,
    'the target': target.name,
    'the profiles': profiles.join(', '),
    'the choice of cases': only.length === 0 ? 'all' : only.join(', '),
    'the shard': shard === undefined ? 'none' : `${shard.index}/${shard.count}`,
    'whether recommendations count': String(strict),
    'the limits': Object.entries(limits)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
    'the generated values': fuzz === undefined ? 'none' : `seed ${fuzz.seed}`,
  };
}
