import { findOverallCause } from '../hints.ts';
import { outdatedFailures } from '../known.ts';
import type { Report } from '../model.ts';
import { counted, escapeMarkup, excuseText, preformatted, shorten } from '../texts.ts';
import { tabulate, verdictText } from '../verdict.ts';
import { listFacts, viewFinding, type FindingView } from '../view.ts';
import { differencesLines, renderPlain, requirementLines, unprovenLines } from './lines.ts';

/** The size that a summary is kept to. GitHub shows none that is larger than 1 MiB. */
const mostBytes = 512 * 1024;

/** The largest part of a line that is shown, in characters; all of it stands in report.json. */
const mostOfLine = 4000;

/**
 * Writes the report as Markdown, for the page of a job. Texts of the target stand escaped in preformatted blocks, so that
 * they cannot become markup.
 */
export function markdownReport(report: Report): string {
  const { findings, known } = report;
  const cause = findOverallCause(report);
  const outdated = outdatedFailures(known).map(({ advice }) => advice);
  const unproven = unprovenLines(report);
  const head = [
    `## Conformance: ${verdictText(report)}`,
    '',
    ...(cause === undefined ? [] : block([cause])),
    ...block(listFacts(report).map(([name, text]) => `${name.padEnd(10)}${text}`)),
    ...totalsTable(report),
    // These are why a run that conforms does not pass.
    ...(outdated.length === 0 ? [] : ['### The list of known failures is not up to date', '', ...block(outdated)]),
  ];
  const tail = unproven.length === 0 ? [] : ['### Not verified', '', ...block(renderPlain(unproven))];
  const blocks = findings.map((finding) => findingBlock(viewFinding(finding, report), report));
  const shown = fit(blocks, mostBytes - Buffer.byteLength([...head, ...tail].join('\n')));
  const left = blocks.length - shown.length;
  return [
    ...head,
    ...(findings.length === 0 ? [] : [`### Findings: ${findings.length}`, '']),
    ...shown,
    ...(left === 0 ? [] : [`${left} more: see report.json, or report.html.`, '']),
    ...tail,
    '',
  ].join('\n');
}

function totalsTable({ requirements, totals }: Report): string[] {
  const { columns, rows } = tabulate(requirements);
  const row = (name: string, cells: readonly (string | number)[]) => `| ${name} | ${cells.join(' | ')} |`;
  return [
    row('requirements', columns),
    row(
      '---',
      columns.map(() => '--:'),
    ),
    ...rows.map(({ group, counts }) =>
      row(
        group,
        counts.map((count) => count || '·'),
      ),
    ),
    row(
      '**all**',
      columns.map((outcome) => totals.requirements[outcome] ?? 0),
    ),
    '',
  ];
}

function findingBlock({ heading, title, cases, known, requirements, differences }: FindingView, report: Report) {
  const isAlone = requirements.length === 1;
  const sentence = isAlone ? `: ${requirements[0]?.says}` : '';
  const summary = `<b>${heading} ${escapeMarkup(title)}</b>, ${counted(cases.length, 'case')}${escapeMarkup(sentence)}`;
  return [
    `<details><summary>${summary}</summary>`,
    '',
    ...block([
      ...(known === undefined ? [] : [`known     ${excuseText(known)}`]),
      ...renderPlain(requirements.flatMap((requirement) => requirementLines(requirement, isAlone, report))),
      ...renderPlain(differencesLines(differences)),
    ]),
    '</details>',
    '',
  ].join('\n');
}

/** Writes a preformatted block whose lines are not too long. */
function block(lines: readonly string[]): string[] {
  return preformatted(lines.map((line) => shorten(line, mostOfLine)));
}

/** Returns as many of the first texts as fit. */
function fit(texts: readonly string[], bytes: number): string[] {
  let left = bytes;
  const end = texts.findIndex((text) => (left -= Buffer.byteLength(text) + 1) < 0);
  return texts.slice(0, end === -1 ? undefined : end);
}
