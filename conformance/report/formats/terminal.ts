import { findOverallCause } from '../hints.ts';
import type { Report } from '../model.ts';
import { counted, seconds } from '../texts.ts';
import { tabulate, totalsText, verdictText } from '../verdict.ts';
import { viewFinding } from '../view.ts';
import {
  blankLine,
  findingLines,
  passedLines,
  plainScreen,
  reasonLines,
  renderLines,
  selfCheckLines,
  unprovenLines,
  type Line,
  type Screen,
} from './lines.ts';

export interface TerminalSettings {
  readonly screen?: Screen;
  /** True to show only what is wrong, and the verdict. */
  readonly quiet?: boolean;
  /** True to show the exchanges of cases that pass too. */
  readonly verbose?: boolean;
}

/** Prints a report for a terminal: violations with how to see them, totals, and the verdict as the last line. */
export function terminalReport(
  report: Report,
  { screen = plainScreen, quiet = false, verbose = false }: TerminalSettings = {},
): string {
  const { findings, cases, remarks } = report;
  const cause = findOverallCause(report);
  const lines: Line[] = [
    ...(cause === undefined ? [] : [{ text: cause, style: 'violated' } as const, blankLine]),
    ...missingFixtureLines(report),
    ...(verbose ? cases.filter((result) => result.verdict === 'pass').flatMap(passedLines) : []),
    ...findings.flatMap((finding) => findingLines(viewFinding(finding, report), report)),
    ...(quiet ? [] : reasonLines('not applicable', report)),
    ...unprovenLines(report),
    ...remarks.map((remark) => ({ text: `Remark: ${remark}` })),
    ...(quiet ? [] : summaryLines(report)),
    { text: `Verdict: ${verdictText(report)}` },
  ];
  return renderLines(lines, screen);
}

/** Lists the options that are missing, where so much of the fixture is missing that nothing was sent. */
function missingFixtureLines({ cases, target }: Report): Line[] {
  const [reason = '', ...others] = new Set(cases.map((result) => result.reason));
  const missing = reason.split(':')[0]?.match(/--[a-z-]+/g) ?? [];
  if (others.length > 0 || missing.length === 0) return [];
  const options = missing.map((flag) => `${flag} …`).join(' ');
  return [
    { text: 'Nothing was sent. Name a live call, the parties, and where it may go:', style: 'warned' },
    { text: `npx transfer-conformance ${target.name} ${options}`, whole: true },
    blankLine,
  ];
}

function summaryLines(report: Report): Line[] {
  const { target, settings, duration, fuzz, selfCheck, cases, totals } = report;
  const shard = settings.shard?.replace('/', ' of ');
  const merge = 'the verdict is on its cases only; npx transfer-conformance merge gives that on all';
  return [
    ...tableLines(report),
    blankLine,
    { text: `${target.name}: ${counted(cases.length, 'case')} in ${seconds(duration)}; ${totalsText(totals.cases)}` },
    ...(shard === undefined ? [] : [{ text: `Shard ${shard}: ${merge}` }]),
    ...(fuzz === undefined ? [] : [{ text: `Fuzz: ${counted(fuzz.values, 'value')}, seed ${fuzz.seed}` }]),
    ...(selfCheck === undefined ? [] : selfCheckLines(selfCheck)),
    { text: `Requirements: ${totalsText(totals.requirements)}` },
  ];
}

/** Prints the number of requirements of each group with each outcome, as a table without empty columns. */
function tableLines({ requirements }: Report): Line[] {
  const { columns, rows } = tabulate(requirements);
  const first = Math.max(...rows.map(({ group }) => group.length), 0);
  const row = (name: string, cells: readonly string[]) =>
    [name.padEnd(first), ...cells.map((cell, index) => cell.padStart(columns[index]?.length ?? 0))]
      .join('  ')
      .trimEnd();
  return [
    { text: row('', columns), style: 'faint' },
    ...rows.map(({ group, counts }): Line => {
      const found = new Set(columns.filter((_, index) => (counts[index] ?? 0) > 0));
      const isOpen = found.has('warned') || found.has('unreached');
      const cells = counts.map((count) => String(count || '.'));
      return { text: row(group, cells), style: found.has('violated') ? 'violated' : isOpen ? 'warned' : undefined };
    }),
  ];
}
