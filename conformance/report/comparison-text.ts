import type { Change, Changed, Comparison } from './compare.ts';
import { visible } from './visible.ts';

/** So many requirements or cases of a kind are named; all of them stand in the comparison as JSON. */
const mostNamed = 50;

/** What a kind of change is called, the most important first. */
const headings: readonly (readonly [Change, string])[] = [
  ['broken', 'Broken'],
  ['unproved', 'Not proved any more'],
  ['fixed', 'Fixed'],
  ['proved', 'Proved now'],
  ['new', 'New'],
  ['gone', 'Gone'],
];

/** A comparison for people at a terminal; the verdict is its last line. */
export function comparisonText(comparison: Comparison): string {
  const sections = sectionsOf(comparison).flatMap(({ heading, lines }) => [heading, ...lines.map(indent), '']);
  return [...comparison.warnings.map((line) => `Warning: ${visible(line)}`), ...sections, verdictLine(comparison)].join(
    '\n',
  );
}

/** A comparison as Markdown. What stands in the reports is preformatted and escaped, so that it cannot become markup. */
export function comparisonMarkdown(comparison: Comparison): string {
  const sections = sectionsOf(comparison).flatMap(({ heading, lines }) => [
    `### ${heading}`,
    '',
    ...preformatted(lines),
  ]);
  const { warnings } = comparison;
  return [
    `## ${verdictLine(comparison)}`,
    '',
    ...(warnings.length === 0 ? [] : preformatted(warnings.map(visible))),
    ...sections,
  ].join('\n');
}

function verdictLine({ verdict: { before, after }, requirements, cases }: Comparison): string {
  const change = before === after ? `${after}, as before` : `${before} before, ${after} now`;
  return requirements.length + cases.length === 0 ? `Verdict: ${change}; nothing changed` : `Verdict: ${change}`;
}

function sectionsOf({ requirements, cases }: Comparison): { readonly heading: string; readonly lines: string[] }[] {
  const kinds = [
    ['requirements', requirements],
    ['cases', cases],
  ] as const;
  return headings.flatMap(([change, heading]) =>
    kinds.flatMap(([kind, all]) => {
      const lines = all.filter((one) => one.change === change).map(changedLine);
      const count = lines.length;
      const shown = count > mostNamed ? [...lines.slice(0, mostNamed), `and ${count - mostNamed} more`] : lines;
      return count === 0 ? [] : [{ heading: `${heading}: ${count} ${named(kind, count)}`, lines: shown }];
    }),
  );
}

function named(kind: string, count: number): string {
  return count === 1 ? kind.slice(0, -1) : kind;
}

function changedLine({ id, before, after }: Changed): string {
  return visible(
    `${id}: ${before === undefined || after === undefined ? (before ?? after) : `${before} before, ${after} now`}`,
  );
}

function indent(line: string): string {
  return `  ${line}`;
}

function preformatted(lines: readonly string[]): string[] {
  const escaped = lines.map((line) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  return ['<pre>', ...escaped, '</pre>', ''];
}
