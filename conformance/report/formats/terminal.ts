import { findOverallCause } from '../hints.ts';
import type { Report, RequirementOutcome } from '../model.ts';
import { seconds } from '../texts.ts';
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
  const reasons = new Set(cases.map(({ reason }) => reason));
  const [reason = ''] = reasons;
  const missing = reason.split(':')[0]?.match(/--[a-z-]+/g) ?? [];
  if (reasons.size !== 1 || missing.length === 0) return [];
  const options = missing.map((flag) => `${flag} …`).join(' ');
  return [
    { text: 'Nothing was sent. Name a live call, the parties, and where it may go:', style: 'warned' },
    { text: `npx transfer-conformance ${target.name} ${options}`, whole: true },
    blankLine,
  ];
}

function summaryLines(report: Report): Line[] {
  const { target, settings, duration, fuzz, selfCheck, cases, totals } = report;
  const fuzzText = fuzz && `Fuzz: ${fuzz.values.toLocaleString('en')} values, seed ${fuzz.seed}`;
  return [
    ...tableLines(report),
    blankLine,
    { text: `${target.name}: ${cases.length} cases in ${seconds(duration)}; ${totalsText(totals.cases)}` },
    ...shardLines(settings),
    ...(fuzzText === undefined ? [] : [{ text: fuzzText }]),
    ...(selfCheck === undefined ? [] : selfCheckLines(selfCheck)),
    { text: `Requirements: ${totalsText(totals.requirements)}` },
  ];
}

function shardLines({ shard }: Report['settings']): Line[] {
  if (shard === undefined) return [];
  return [
    {
      text: `Shard ${shard.replace('/', ' of ')}: the verdict is on its cases only; npx transfer-conformance merge gives that on all`,
    },
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
      const has = (word: RequirementOutcome) => (counts[columns.indexOf(word)] ?? 0) > 0;
      const text = row(
        group,
        counts.map((count) => String(count || '.')),
      );
      if (has('violated')) return { text, style: 'violated' };
      return has('warned') || has('unreached') ? { text, style: 'warned' } : { text };
    }),
  ];
}
