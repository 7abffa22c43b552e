import type { SelfCheck } from '../run/corrupted-run.ts';
import type { CaseResult, CaseViolation } from '../run/result.ts';
import type { Exchange } from '../target/exchange.ts';
import { curlOf } from './curl.ts';
import { foundBy, fuzzLine } from './fuzz.ts';
import { selfCheckLines } from './self-check.ts';
import type { Outcome, RequirementOutcome, RequirementResult } from './verdict.ts';

/** What the terminal report says about the run beside its outcome. */
export interface RunDescription {
  readonly target: string;
  /** What stands before the path of every request. */
  readonly origin: string;
  /** In milliseconds. */
  readonly duration: number;
  /** What is to be said of the run, but not of the target: which calls could not be ended. */
  readonly remarks?: readonly string[];
  /** What the run would have found in wrong answers, if that was asked for. */
  readonly selfCheck?: SelfCheck | undefined;
}

const order: readonly RequirementOutcome[] = ['met', 'violated', 'warned', 'unreached', 'not applicable', 'excluded'];

/** How many cases a block shows before it counts the rest. */
const casesInBlock = 3;

/** The report for people at a terminal: what was violated and how to see it, totals, and the verdict as the last line. */
export function terminalReport(outcome: Outcome, description: RunDescription): string {
  const { target, origin, duration, remarks = [], selfCheck } = description;
  const { requirements, cases, verdict } = outcome;
  const withOutcome = (wanted: RequirementOutcome) => requirements.filter((result) => result.outcome === wanted);
  const seconds = (duration / 1000).toFixed(1);
  return [
    ...withOutcome('violated').flatMap((result) => violationBlock('VIOLATED', result, cases, origin)),
    ...withOutcome('warned').flatMap((result) => violationBlock('WARNING', result, cases, origin)),
    ...reasonLines('Unreached', withOutcome('unreached')),
    ...reasonLines('Not applicable', withOutcome('not applicable')),
    ...cases.filter((result) => result.verdict === 'error').map(errorLine),
    ...remarks.map((remark) => `Remark: ${remark}`),
    ...totals(requirements),
    '',
    `${target}: ${cases.length} cases in ${seconds} s; ${counts(cases.map((result) => result.verdict))}`,
    ...fuzzLine(cases),
    ...selfCheckLines(selfCheck),
    `Requirements: ${counts(requirements.map((result) => result.outcome))}`,
    `Verdict: ${verdict}`,
  ].join('\n');
}

function violationBlock(
  heading: string,
  result: RequirementResult,
  cases: readonly CaseResult[],
  origin: string,
): string[] {
  const { id, level, says, source, at } = result.requirement;
  const violating = cases
    .map((testCase) => ({ testCase, violations: violationsOf(testCase, id) }))
    .filter(({ violations }) => violations.length > 0);
  const rest = violating.length - casesInBlock;
  return [
    `${heading} ${id} (${level})`,
    `  ${says}`,
    `  Source: ${source}. Contract: ${at}`,
    ...violating.slice(0, casesInBlock).flatMap(({ testCase, violations }) => caseLines(testCase, violations, origin)),
    ...(rest > 0
      ? [
          `  … and ${rest} more: ${violating
            .slice(casesInBlock)
            .map(({ testCase }) => testCase.id)
            .join(', ')}`,
        ]
      : []),
    '',
  ];
}

function violationsOf({ verdict, checks }: CaseResult, requirement: string): CaseViolation[] {
  if (verdict === 'unreached') return [];
  return checks.filter((check) => check.requirement === requirement).flatMap(({ violations }) => violations);
}

function caseLines(result: CaseResult, violations: readonly CaseViolation[], origin: string): string[] {
  const { id, title, exchanges } = result;
  const place = violations[0]?.exchange ?? 0;
  const shown = exchanges.slice(place, place + 1);
  return [
    `  - ${id}: ${title}`,
    ...shown.map((exchange) => `      sent      ${sent(exchange)}`),
    ...violations
      .slice(0, 5)
      .flatMap(({ at, expected, actual }) => [
        `      expected  ${at}: ${expected}`,
        `      came      ${at}: ${actual}`,
      ]),
    ...shown.map((exchange) => `      again     ${curlOf(exchange.request, origin)}`),
    ...foundBy(result).map((line) => `      found     ${line}`),
  ];
}

function sent({ request: { method, path, body } }: Exchange): string {
  return `${method} ${path}${body === undefined ? '' : ` ${shortened(body)}`}`;
}

function shortened(text: string): string {
  return text.length > 160 ? `${text.slice(0, 160)}… (${text.length} characters)` : text;
}

function reasonLines(heading: string, results: readonly RequirementResult[]): string[] {
  const byReason = Map.groupBy(results, ({ reason }) => reason ?? 'no reason');
  return [...byReason].flatMap(([reason, rows]) => [
    `${heading}: ${reason}`,
    ...rows.map(({ requirement }) => `  ${requirement.id} (${requirement.level})`),
    '',
  ]);
}

function errorLine({ id, reason }: CaseResult): string {
  return `ERROR of the suite in ${id}: ${reason}`;
}

function totals(requirements: readonly RequirementResult[]): string[] {
  const groups = Map.groupBy(requirements, ({ requirement }) => requirement.id.split('/')[0] ?? '');
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
