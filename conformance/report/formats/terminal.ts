import { fuzzLine } from '../fuzz.ts';
import { overallCause } from '../overall-cause.ts';
import type { Report } from '../report.ts';
import { selfCheckLines } from '../self-check.ts';
import { findingLines } from './terminal/finding-lines.ts';
import { blankLine, plainScreen, rendered, type Line, type Screen } from './terminal/layout.ts';
import { missingFixtureLines, reasonLines } from './terminal/reasons.ts';
import { inWords, totalsTable } from './terminal/totals.ts';

/** How a report is printed. */
export interface TerminalSettings {
  readonly screen?: Screen;
  /** Whether only what is wrong is told, and the verdict. */
  readonly quiet?: boolean;
}

/** The report for people at a terminal: what was violated and how to see it, totals, and the verdict as the last line. */
export function terminalReport(report: Report, { screen = plainScreen, quiet = false }: TerminalSettings = {}): string {
  const { findings, cases, remarks, verdict } = report;
  const lines: Line[] = [
    ...causeLines(report),
    ...missingFixtureLines(report),
    ...findings.flatMap((finding) => findingLines(finding, report)),
    ...reasonLines('unreached', report),
    ...(quiet ? [] : reasonLines('not applicable', report)),
    ...cases
      .filter((result) => result.verdict === 'error')
      .map(({ id, reason }): Line => ({ text: `ERROR of the suite in ${id}: ${reason}`, style: 'violated' })),
    ...remarks.map((remark) => ({ text: `Remark: ${remark}` })),
    ...(quiet ? [] : summaryLines(report)),
    { text: `Verdict: ${verdict}` },
  ];
  return rendered(lines, screen);
}

function causeLines(report: Report): Line[] {
  const cause = overallCause(report);
  return cause === undefined ? [] : [{ text: cause, style: 'violated' }, blankLine];
}

function summaryLines({ target, settings, duration, selfCheck, requirements, cases, totals }: Report): Line[] {
  const seconds = (duration / 1000).toFixed(1);
  return [
    ...totalsTable(requirements),
    blankLine,
    { text: `${target.name}: ${cases.length} cases in ${seconds} s; ${inWords(totals.cases)}` },
    ...[...shardLine(settings), ...fuzzLine(cases), ...selfCheckLines(selfCheck)].map(indented),
    { text: `Requirements: ${inWords(totals.requirements)}` },
  ];
}

function shardLine({ shard }: Report['settings']): string[] {
  if (shard === undefined) return [];
  const { index, count } = shard;
  return [`Shard ${index} of ${count}: the verdict is on its cases only; npm run conformance:merge gives that on all`];
}

function indented(text: string): Line {
  const words = text.trimStart();
  return { text: words, indent: text.length - words.length };
}
