import { findOverallCause } from '../hints.ts';
import { outdatedFailures } from '../known.ts';
import type { Finding, Report } from '../model.ts';
import { escapeMarkup, excuseText, preformatted, shorten } from '../texts.ts';
import { tabulate, verdictText } from '../verdict.ts';
import { listFacts, viewFinding } from '../view.ts';
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
  const { findings } = report;
  const cause = findOverallCause(report);
  const head = [
    `## Conformance: ${verdictText(report)}`,
    '',
    ...(cause === undefined ? [] : block([cause])),
    ...block(listFacts(report).map(([name, text]) => `${name.padEnd(10)}${text}`)),
    ...totalsTable(report),
    ...outdatedBlock(report),
  ];
  const blocks = findings.map((finding) => findingBlock(finding, report).join('\n'));
  const unproven = unprovenLines(report);
  const tail = unproven.length === 0 ? [] : ['### Not verified', '', ...block(renderPlain(unproven))];
  const shown = fit(blocks, mostBytes - byteLength([...head, ...tail].join('\n')));
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
  const row = (name: string, counts: readonly number[]) =>
    `| ${name} | ${counts.map((count) => count || '·').join(' | ')} |`;
  const all = columns.map((outcome) => totals.requirements[outcome] ?? 0);
  return [
    `| requirements | ${columns.join(' | ')} |`,
    `| --- | ${columns.map(() => '--:').join(' | ')} |`,
    ...rows.map(({ group, counts }) => row(group, counts)),
    row('**all**', all),
    '',
  ];
}

/** Lists the entries to delete from the list of known failures: they are why a run that conforms does not pass. */
function outdatedBlock({ known }: Report): string[] {
  const lines = outdatedFailures(known).map(({ advice }) => advice);
  return lines.length === 0 ? [] : ['### The list of known failures is not up to date', '', ...block(lines)];
}

function findingBlock(finding: Finding, report: Report): string[] {
  const { heading, title, cases, known, requirements, differences } = viewFinding(finding, report);
  const isAlone = requirements.length === 1;
  const sentence = isAlone ? `: ${requirements[0]?.says}` : '';
  return [
    `<details><summary><b>${heading} ${escapeMarkup(title)}</b>, ${cases}${escapeMarkup(sentence)}</summary>`,
    '',
    ...block([
      ...(known === undefined ? [] : [`known     ${excuseText(known)}`]),
      ...renderPlain(requirements.flatMap((requirement) => requirementLines(requirement, isAlone, report))),
      ...renderPlain(differencesLines(differences)),
    ]),
    '</details>',
    '',
  ];
}

/** Writes a preformatted block whose lines are not too long. */
function block(lines: readonly string[]): string[] {
  return preformatted(lines.map((line) => shorten(line, mostOfLine)));
}

/** Returns as many of the first texts as fit. */
function fit(texts: readonly string[], bytes: number): string[] {
  const shown: string[] = [];
  let left = bytes;
  for (const text of texts) {
    left -= byteLength(text) + 1;
    if (left < 0) break;
    shown.push(text);
  }
  return shown;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
