import type { CaseResult } from '../run/result.ts';
import type { Exchange } from '../target/exchange.ts';
import { curlOf } from './curl.ts';
import type { Difference, Finding } from './findings.ts';
import { foundBy, fuzzLine } from './fuzz.ts';
import type { Report, ReportRequirement } from './report.ts';
import { selfCheckLines } from './self-check.ts';
import type { RequirementOutcome } from './verdict.ts';

const order: readonly RequirementOutcome[] = ['met', 'violated', 'warned', 'unreached', 'not applicable', 'excluded'];

/** How many cases are named beside the one that is shown. */
const namedCases = 12;

const headings = { violated: 'VIOLATED', warned: 'WARNING' } as const;

/** The report for people at a terminal: what was violated and how to see it, totals, and the verdict as the last line. */
export function terminalReport(report: Report): string {
  const { target, duration, remarks, selfCheck, requirements, cases, findings, verdict } = report;
  const withOutcome = (wanted: RequirementOutcome) => requirements.filter((result) => result.outcome === wanted);
  const seconds = (duration / 1000).toFixed(1);
  return [
    ...findings.flatMap((finding) => findingBlock(finding, report)),
    ...reasonLines('Unreached', withOutcome('unreached')),
    ...reasonLines('Not applicable', withOutcome('not applicable')),
    ...cases.filter((result) => result.verdict === 'error').map(errorLine),
    ...remarks.map((remark) => `Remark: ${remark}`),
    ...totals(requirements),
    '',
    `${target.name}: ${cases.length} cases in ${seconds} s; ${counts(cases.map((result) => result.verdict))}`,
    ...fuzzLine(cases),
    ...selfCheckLines(selfCheck),
    `Requirements: ${counts(requirements.map((result) => result.outcome))}`,
    `Verdict: ${verdict}`,
  ].join('\n');
}

function findingBlock({ outcome, requirements, differences }: Finding, report: Report): string[] {
  return [
    ...report.requirements
      .filter(({ id }) => requirements.includes(id))
      .flatMap(({ id, level, says, source, at }) => [
        `${headings[outcome]} ${id} (${level})`,
        `  ${says}`,
        `  Source: ${source}. Contract: ${at}`,
      ]),
    ...differences.flatMap((difference) => differenceLines(difference, report)),
    '',
  ];
}

function differenceLines({ cases, example }: Difference, { cases: results, target }: Report): string[] {
  const result = results.find(({ id }) => id === example.case) as CaseResult;
  const shown = result.exchanges.slice(example.exchange, example.exchange + 1);
  const alike = cases.filter((id) => id !== example.case);
  const unnamed = alike.length - namedCases;
  return [
    `  - ${result.id}: ${result.title}`,
    ...shown.map((exchange) => `      sent      ${sent(exchange)}`),
    ...example.violations
      .slice(0, 5)
      .flatMap(({ at, expected, actual }) => [
        `      expected  ${at}: ${expected}`,
        `      came      ${at}: ${actual}`,
      ]),
    ...shown.map((exchange) => `      again     ${curlOf(exchange.request, target.origin)}`),
    ...foundBy(result).map((line) => `      found     ${line}`),
    ...(alike.length > 0
      ? [
          `      alike     ${alike.length} more: ${alike.slice(0, namedCases).join(', ')}${unnamed > 0 ? `, and ${unnamed} others` : ''}`,
        ]
      : []),
  ];
}

function sent({ request: { method, path, body } }: Exchange): string {
  return `${method} ${path}${body === undefined ? '' : ` ${shortened(body)}`}`;
}

function shortened(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)}… (${text.length} characters)` : text;
}

function reasonLines(heading: string, results: readonly ReportRequirement[]): string[] {
  const byReason = Map.groupBy(results, ({ reason }) => reason ?? 'no reason');
  return [...byReason].flatMap(([reason, rows]) => [
    `${heading}: ${reason}`,
    ...rows.map(({ id, level }) => `  ${id} (${level})`),
    '',
  ]);
}

function errorLine({ id, reason }: CaseResult): string {
  return `ERROR of the suite in ${id}: ${reason}`;
}

function totals(requirements: readonly ReportRequirement[]): string[] {
  const groups = Map.groupBy(requirements, ({ id }) => id.split('/')[0] ?? '');
  return [...groups].map(([group, rows]) => `${group.padEnd(14)} ${counts(rows.map(({ outcome }) => outcome))}`);
}

/** Counts of words, in the order of outcomes, those that do not occur left out. */
function counts(words: readonly string[]): string {
  const counted = Map.groupBy(words, (word) => word);
  const rank = (word: string) => (order as readonly string[]).indexOf(word);
  return [...counted.keys()]
    .toSorted((one, other) => rank(one) - rank(other))
    .map((word) => `${counted.get(word)?.length} ${word}`)
    .join(', ');
}
