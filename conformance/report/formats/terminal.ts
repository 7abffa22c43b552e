import { viewFinding } from '../finding-view.ts';
import { findOverallCause } from '../hints.ts';
import type { Report, RequirementOutcome, SelfCheck } from '../model.ts';
import { capitalize, seconds } from '../texts.ts';
import { groupName, tabulate, totalsText, unreachedBesides, verdictText } from '../verdict.ts';
import { findingLines, passedLines } from './terminal/finding.ts';
import { blankLine, plainScreen, renderLines, type Line, type Screen } from './terminal/layout.ts';

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
    ...reasonLines('unreached', report),
    ...unreachedLines(report),
    ...(quiet ? [] : reasonLines('not applicable', report)),
    ...cases
      .filter((result) => result.verdict === 'error')
      .map(({ id, reason }): Line => ({ text: `ERROR of the suite in ${id}: ${reason}`, style: 'violated' })),
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

/** Lists why requirements were not reached or not applicable, each reason once. */
function reasonLines(outcome: RequirementOutcome, { requirements }: Report): Line[] {
  const rows = requirements.filter((requirement) => requirement.outcome === outcome);
  const byReason = Map.groupBy(rows, ({ reason }) => reason ?? 'no reason');
  const applicable = requirements.filter((requirement) => requirement.outcome !== 'excluded');
  return [...byReason].flatMap(([reason, about]): Line[] => {
    const isAll = about.length === applicable.length && about.length > 1;
    const groups = [...Map.groupBy(about, ({ id }) => groupName(id)).values()];
    const names = groups.map((group) => group.map(({ id }) => id).join(', ')).join('; ');
    return [
      { text: `${capitalize(outcome)}: ${reason}`, style: outcome === 'unreached' ? 'warned' : 'faint' },
      { text: isAll ? `all ${about.length} requirements` : names, indent: 2 },
      blankLine,
    ];
  });
}

/** Lists why cases were not reached whose requirements were, each reason once. */
function unreachedLines({ requirements, cases }: Report): Line[] {
  const byReason = Map.groupBy(unreachedBesides(requirements, cases), ({ reason }) => reason ?? 'no reason');
  return [...byReason].flatMap(([reason, unreached]): Line[] => [
    { text: `Unreached cases of requirements that others reached: ${reason}`, style: 'warned' },
    { text: unreached.map(({ id }) => id).join(', '), indent: 2 },
    blankLine,
  ]);
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

/** Prints the share of wrong answers that the run would have caught, and what would catch the others. */
function selfCheckLines({ tried, notApplicable, totals }: SelfCheck): Line[] {
  const sentence = { text: `Self-check: ${selfCheckSentence(totals)}` };
  if (totals.tried === 0) return [sentence];
  const missed = tried.filter(({ caughtBy }) => caughtBy.length === 0);
  const untried = [...Map.groupBy(notApplicable, ({ needs }) => needs)];
  return [
    sentence,
    ...[...Map.groupBy(missed, ({ reason }) => reason ?? '')].flatMap(([reason, answers]) => [
      { text: `not caught: ${reason}`, indent: 2 },
      ...answers.map(({ says }) => ({ text: `- ${says}`, indent: 4 })),
    ]),
    ...(untried.length === 0
      ? []
      : [{ text: `not tried, since no answer gave occasion: ${totals.notApplicable}`, indent: 2 }]),
    ...untried
      .toSorted(([, one], [, other]) => other.length - one.length)
      .map(([needs, answers]) => ({ text: `- ${answers.length} for want of ${needs}`, indent: 4 })),
  ];
}

/** Sums up a self-check. The share is not rounded up, so that 100 % means all. */
export function selfCheckSentence({ tried, caught, warned, share = 0 }: SelfCheck['totals']): string {
  if (tried === 0) return 'no wrong answer could be tried, since no case was run to its end';
  const percent = (Math.floor(share * 1000) / 10).toFixed(1);
  const warnings = warned === 0 ? '' : `, ${warned} of them as a warning`;
  return `${caught} of ${tried} wrong answers would have been caught (${percent} %)${warnings}`;
}
