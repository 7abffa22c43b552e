import { showSharedOptions } from '../cli/options.ts';
import type { Report, Verdict } from './model.ts';
import { counted, preformatted, visible } from './texts.ts';

/** `unproved`: it was proved before, and is not now; `proved`: the other way around. */
type Change = 'broken' | 'fixed' | 'unproved' | 'proved' | 'new' | 'gone';

/** A requirement or a case whose outcome changed. */
interface Changed {
  readonly id: string;
  readonly change: Change;
  /** The outcome in the first report; left out if it is new. */
  readonly before?: string;
  /** The outcome in the second report; left out if it is gone. */
  readonly after?: string;
}

/** The differences between two reports. */
interface Comparison {
  readonly verdict: { readonly before: Verdict; readonly after: Verdict };
  /** True if something broke, or the verdict is worse. */
  readonly isWorse: boolean;
  /** The reasons why the runs cannot be compared in full, a line each. */
  readonly warnings: readonly string[];
  readonly requirements: readonly Changed[];
  readonly cases: readonly Changed[];
}

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
export function compareReports(before: Report, after: Report): Comparison {
  const [readOutcomes, readVerdicts] = [
    (report: Report) => new Map(report.requirements.map(({ id, outcome }) => [id, outcome])),
    (report: Report) => new Map(report.cases.map(({ id, verdict }) => [id, verdict])),
  ];
  const requirements = findChanges(readOutcomes(before), readOutcomes(after));
  const cases = findChanges(readVerdicts(before), readVerdicts(after));
  const verdict = { before: before.verdict, after: after.verdict };
  const isWorse =
    verdicts.indexOf(after.verdict) > verdicts.indexOf(before.verdict) ||
    [...requirements, ...cases].some(({ change }) => change === 'broken');
  return { verdict, isWorse, warnings: findWarnings(before, after), requirements, cases };
}

function findChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Changed[] {
  return [
    ...[...after].flatMap(([id, now]): Changed[] => {
      const then = before.get(id);
      if (then === undefined) return [{ id, change: 'new', after: now }];
      const change = findChange(then, now);
      return change === undefined ? [] : [{ id, change, before: then, after: now }];
    }),
    ...[...before]
      .filter(([id]) => !after.has(id))
      .map(([id, then]): Changed => ({ id, change: 'gone', before: then })),
  ];
}

function findChange(then: string, now: string): Change | undefined {
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

/** The largest number of requirements or cases of a kind that are named; the comparison as JSON has all. */
const mostNamed = 50;

/** The headings of changes, the most important first. */
const headings: readonly (readonly [Change, string])[] = [
  ['broken', 'Broken'],
  ['unproved', 'Not proved any more'],
  ['fixed', 'Fixed'],
  ['proved', 'Proved now'],
  ['new', 'New'],
  ['gone', 'Gone'],
];

/** Prints a comparison for a terminal; the verdict is the last line. */
export function comparisonText(comparison: Comparison): string {
  const sections = listSections(comparison).flatMap(({ heading, lines }) => [
    heading,
    ...lines.map((line) => `  ${visible(line)}`),
    '',
  ]);
  return [...comparison.warnings.map((line) => `Warning: ${visible(line)}`), ...sections, verdictLine(comparison)].join(
    '\n',
  );
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

function listSections({ requirements, cases }: Comparison): { readonly heading: string; readonly lines: string[] }[] {
  const kinds = [
    ['requirement', requirements],
    ['case', cases],
  ] as const;
  return headings.flatMap(([change, heading]) =>
    kinds.flatMap(([noun, all]) => {
      const lines = all.filter((one) => one.change === change).map(changeLine);
      const rest = lines.length - mostNamed;
      const shown = rest > 0 ? [...lines.slice(0, mostNamed), `and ${rest} more`] : lines;
      return lines.length === 0 ? [] : [{ heading: `${heading}: ${counted(lines.length, noun)}`, lines: shown }];
    }),
  );
}

function changeLine({ id, before, after }: Changed): string {
  if (before === undefined || after === undefined) return `${id}: ${before ?? after}`;
  return `${id}: ${before} before, ${after} now`;
}
