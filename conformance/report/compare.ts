import { showSharedOptions } from '../cli/options.ts';
import type { Report, Verdict } from './model.ts';
import { counted, preformatted, visible } from './texts.ts';

/** The headings of changes, the most important first. `unproved`: it was proved before, and is not now. */
const headings = {
  broken: 'Broken',
  unproved: 'Not proved any more',
  fixed: 'Fixed',
  proved: 'Proved now',
  new: 'New',
  gone: 'Gone',
} as const;

interface Changed {
  readonly id: string;
  readonly change: keyof typeof headings;
  /** The outcome in the first report; left out if it is new. */
  readonly before?: string;
  /** The outcome in the second report; left out if it is gone. */
  readonly after?: string;
}

type Comparison = ReturnType<typeof compareReports>;

/** Verdicts, the best first. */
const verdicts: readonly Verdict[] = ['conforming', 'incomplete', 'not conforming', 'nothing verified'];

/** The badness of outcomes and verdicts. Those that are missing here prove nothing. */
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

/** Compares the reports of two runs. A failure counts whether it is known or not. */
export function compareReports(before: Report, after: Report) {
  const requirements = findChanges(
    before.requirements.map(({ id, outcome }) => [id, outcome]),
    after.requirements.map(({ id, outcome }) => [id, outcome]),
  );
  const cases = findChanges(
    before.cases.map(({ id, verdict }) => [id, verdict]),
    after.cases.map(({ id, verdict }) => [id, verdict]),
  );
  return {
    verdict: { before: before.verdict, after: after.verdict },
    /** True if something broke, or the verdict is worse. */
    isWorse:
      verdicts.indexOf(after.verdict) > verdicts.indexOf(before.verdict) ||
      [...requirements, ...cases].some(({ change }) => change === 'broken'),
    /** The reasons why the runs cannot be compared in full, a line each. */
    warnings: findWarnings(before, after),
    requirements,
    cases,
  };
}

type Outcomes = readonly (readonly [id: string, outcome: string])[];

function findChanges(before: Outcomes, after: Outcomes): Changed[] {
  const [earlier, later] = [new Map(before), new Map(after)];
  const changed = after.flatMap(([id, now]): Changed[] => {
    const then = earlier.get(id);
    if (then === undefined) return [{ id, change: 'new', after: now }];
    const change = findChange(then, now);
    return change === undefined ? [] : [{ id, change, before: then, after: now }];
  });
  const gone = before.filter(([id]) => !later.has(id));
  return [...changed, ...gone.map(([id, then]) => ({ id, change: 'gone', before: then }) as const)];
}

function findChange(then: string, now: string): Changed['change'] | undefined {
  const [was, is] = [badness[then], badness[now]];
  if (is === undefined) return was === undefined ? undefined : 'unproved';
  // A failure of what was not proved before is worse news than that it is proved.
  if (was === undefined) return is === 2 ? 'broken' : 'proved';
  if (was === is) return undefined;
  return is > was ? 'broken' : 'fixed';
}

function findWarnings(before: Report, after: Report): string[] {
  const now = comparableFacts(after);
  return Object.entries(comparableFacts(before))
    .filter(([name, then]) => then !== now[name])
    .map(([name, then]) => `The reports differ in ${name}: ${then}, then ${now[name]}`);
}

/** Returns the facts that have to be the same where reports are compared. */
function comparableFacts({ contract, tool, target, settings, fuzz }: Report): Record<string, string> {
  return {
    'the contract': `${contract.title} ${contract.version} (sha256 ${contract.sha256.slice(0, 12)})`,
    'the tool': `${tool.name} ${tool.version}`,
    'the target': target.name,
    ...showSharedOptions(settings),
    '--shard': settings.shard ?? 'left out',
    'the generated values': fuzz === undefined ? 'none' : `seed ${fuzz.seed}`,
  };
}

/** Prints a comparison for a terminal; the verdict is the last line. */
export function comparisonText(comparison: Comparison): string {
  return [
    ...comparison.warnings.map((line) => `Warning: ${visible(line)}`),
    ...listSections(comparison).flatMap(({ heading, lines }) => [
      heading,
      ...lines.map((line) => `  ${visible(line)}`),
      '',
    ]),
    verdictLine(comparison),
  ].join('\n');
}

/** Prints a comparison as Markdown. Texts of the reports are preformatted and escaped, so that they stay text. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { warnings } = comparison;
  return [
    `## ${verdictLine(comparison)}`,
    '',
    ...(warnings.length === 0 ? [] : preformatted(warnings)),
    ...listSections(comparison).flatMap(({ heading, lines }) => [`### ${heading}`, '', ...preformatted(lines)]),
  ].join('\n');
}

function verdictLine({ verdict: { before, after }, requirements, cases }: Comparison): string {
  const change = before === after ? `${after}, as before` : `${before} before, ${after} now`;
  return requirements.length + cases.length === 0 ? `Verdict: ${change}; nothing changed` : `Verdict: ${change}`;
}

/** The largest number of requirements or cases of a kind that are named; the comparison as JSON has all. */
const mostNamed = 50;

function listSections({ requirements, cases }: Comparison): { readonly heading: string; readonly lines: string[] }[] {
  return Object.entries(headings).flatMap(([change, heading]) =>
    Object.entries({ requirement: requirements, case: cases }).flatMap(([noun, all]) => {
      const changed = all.filter((one) => one.change === change);
      const lines = changed.slice(0, mostNamed).map(({ id, before, after }) => {
        const isBoth = before !== undefined && after !== undefined;
        return `${id}: ${isBoth ? `${before} before, ${after} now` : (before ?? after)}`;
      });
      const left = changed.length - lines.length;
      if (left > 0) lines.push(`and ${left} more`);
      return lines.length === 0 ? [] : [{ heading: `${heading}: ${counted(changed.length, noun)}`, lines }];
    }),
  );
}
