import type { CaseResult, CaseViolation } from '../../../run/result.ts';
import type { Exchange } from '../../../target/exchange.ts';
import { findingHeadings, type Difference, type Finding } from '../../findings.ts';
import { foundBy } from '../../fuzz.ts';
import { hintFor } from '../../hints.ts';
import type { Report, ReportRequirement } from '../../report.ts';
import { differencesOf } from '../../request-differences.ts';
import { shortened, visible } from '../../visible.ts';
import { blankLine, field, type Line } from './layout.ts';
import { againLines, sentLines } from './sent-lines.ts';

const styles = { violated: 'violated', warned: 'warned', known: 'faint' } as const;

/** How much of one finding is shown; the rest is counted, and stands in report.json. */
const most = { differences: 3, violations: 3, cases: 8, answer: 200 };

/** A finding as a block: the requirement, where it comes from, and what shows that it is broken. */
export function findingLines(finding: Finding, report: Report): Line[] {
  const { differences, known } = finding;
  if (known !== undefined) return knownLines(finding, known);
  const unshown = differences.slice(most.differences);
  return [
    ...headingLines(finding, report),
    ...differences
      .slice(0, most.differences)
      .flatMap((difference) => [blankLine, ...differenceLines(difference, report)]),
    ...(unshown.length === 0
      ? []
      : [blankLine, ...field('others', [`${counted(unshown.length, 'way')} more to break it: ${casesOf(unshown)}`])]),
    blankLine,
    blankLine,
  ];
}

/** What is known to fail is not shown again. */
function knownLines(
  { requirements, differences }: Finding,
  { id, reason, until }: NonNullable<Finding['known']>,
): Line[] {
  const cases = counted(new Set(differences.flatMap((difference) => difference.cases)).size, 'case');
  const limit = until === undefined ? '' : ` (until ${until})`;
  const breaks = requirements.includes(id) && requirements.length === 1 ? '' : `, breaks ${requirements.join(', ')}`;
  return [
    { text: `${findingHeadings.known} ${id}: ${cases}${breaks}`, style: styles.known },
    { text: `${reason}${limit}`, indent: 2 },
    blankLine,
  ];
}

function headingLines({ outcome, requirements, differences }: Finding, report: Report): Line[] {
  const about = report.requirements.filter(({ id }) => requirements.includes(id));
  const alone = about.length === 1;
  const example = about.find(({ id }) => id === differences[0]?.example.requirement);
  const cases = counted(new Set(differences.flatMap((difference) => difference.cases)).size, 'case');
  const heading = alone ? `${about[0]?.id} (${about[0]?.level})` : `${about.length} requirements alike`;
  return [
    { text: `${findingHeadings[outcome]} ${heading}: ${cases}`, style: styles[outcome] },
    ...(alone ? [] : [{ text: `${about.map(({ id }) => id).join(', ')}. For example:`, indent: 2 }]),
    ...(example === undefined ? [] : requirementLines(example, alone, report)),
  ];
}

function requirementLines(requirement: ReportRequirement, alone: boolean, { contract }: Report): Line[] {
  const { id, level, says, source, line, at } = requirement;
  return [
    { text: alone ? says : `${id} (${level}): ${says}`, indent: 2, style: 'strong' },
    ...field('source', [source]),
    ...field('contract', [...(line === undefined ? [] : [`${contract.source}:${line}`]), at]),
  ];
}

function differenceLines({ cases, example }: Difference, report: Report): Line[] {
  const result = report.cases.find(({ id }) => id === example.case) as CaseResult;
  const exchange = result.exchanges[example.exchange];
  const others = cases.filter((id) => id !== example.case);
  return [
    ...field('case', [`${result.id}: ${result.title}`]),
    ...(exchange === undefined ? [] : sentLines(result, example.exchange, report)),
    ...violationsLines(example.violations),
    ...(exchange === undefined ? [] : answerLines(exchange)),
    ...hintLines(result, example.violations, report),
    ...field('found', foundBy(result)).map((line): Line => ({ ...line, whole: true })),
    ...(others.length === 0 ? [] : field('alike', [`${others.length} more: ${named(others)}`])),
    ...(exchange === undefined ? [] : againLines(result, exchange, report)),
  ];
}

function violationsLines(violations: readonly CaseViolation[]): Line[] {
  const alike = Map.groupBy(violations, ({ at, expected, actual }) => JSON.stringify([at, expected, actual]));
  const groups = [...alike.values()];
  const unshown = groups.slice(most.violations).flat().length;
  return [
    ...groups.slice(0, most.violations).flatMap(violationLines),
    ...(unshown === 0 ? [] : field('', [`and ${counted(unshown, 'violation')} more`])),
  ];
}

/** Violations that are the same, in several answers for example. */
function violationLines(violations: readonly CaseViolation[]): Line[] {
  return violations.slice(0, 1).flatMap(({ at, expected, actual }) => {
    const times = violations.length === 1 ? '' : ` (${violations.length} times)`;
    return [
      ...field('expected', [`${at}: ${expected}`], 'wanted'),
      ...field('actual', [`${at}: ${actual}${times}`], 'violated'),
    ];
  });
}

/** The answer as it came, its beginning at least: often its text tells the cause. */
function answerLines({ response }: Exchange): Line[] {
  if (response === undefined) return [];
  const { status, headers, body } = response;
  const type = headers['content-type'] ?? 'no content-type';
  const text = body.text === '' ? 'no body' : shortened(visible(body.text), most.answer);
  return field('answer', [`${status}, ${type}, ${text}`], 'faint');
}

function hintLines(result: CaseResult, violations: readonly CaseViolation[], report: Report): Line[] {
  const index = violations[0]?.exchange ?? 0;
  const exchange = result.exchanges[index];
  const hint = exchange && hintFor({ violations, exchange, differences: differencesOf(result, index, report) });
  return hint === undefined ? [] : field('hint', [hint], 'hint');
}

function casesOf(differences: readonly Difference[]): string {
  return named(differences.flatMap(({ cases }) => cases));
}

function named(ids: readonly string[]): string {
  const unnamed = ids.length - most.cases;
  return `${ids.slice(0, most.cases).join(', ')}${unnamed > 0 ? ` and ${unnamed} others` : ''}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
