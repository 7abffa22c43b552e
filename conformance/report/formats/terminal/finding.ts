import { countCases, findingHeadings } from '../../findings.ts';
import { findHint } from '../../hints.ts';
import type {
  CaseResult,
  CaseViolation,
  Difference,
  Exchange,
  Finding,
  Report,
  ReportRequirement,
} from '../../model.ts';
import { curlCommand, fuzzReproduction, isComplete } from '../../reproduce.ts';
import { findDifferences, summarizeDifferences } from '../../request-differences.ts';
import { counted, excuseText, listed, shorten, visible } from '../../texts.ts';
import { blankLine, field, type Line } from './layout.ts';

const styles = { violated: 'violated', warned: 'warned', known: 'faint' } as const;

/** The largest part of one finding that is shown; the rest is counted, and stands in report.json. */
const most = { differences: 3, violations: 3, cases: 8, answer: 200, body: 400 };

/** Prints a finding as a block: the requirement, its sources, and what shows that it is broken. */
export function findingLines(finding: Finding, report: Report): Line[] {
  const { differences, known } = finding;
  if (known !== undefined) return knownLines(finding, known);
  const unshown = differences.slice(most.differences);
  const others = listed(
    unshown.flatMap(({ cases }) => cases),
    most.cases,
  );
  return [
    ...headingLines(finding, report),
    ...differences
      .slice(0, most.differences)
      .flatMap((difference) => [blankLine, ...differenceLines(difference, report)]),
    ...(unshown.length === 0
      ? []
      : [blankLine, ...field('others', [`${counted(unshown.length, 'way')} more to break it: ${others}`])]),
    blankLine,
    blankLine,
  ];
}

/** A known failure is named, and not shown again. */
function knownLines(finding: Finding, known: NonNullable<Finding['known']>): Line[] {
  const { requirements } = finding;
  const breaks =
    requirements.includes(known.id) && requirements.length === 1 ? '' : `, breaks ${requirements.join(', ')}`;
  const cases = counted(countCases(finding), 'case');
  return [
    { text: `${findingHeadings.known} ${known.id}: ${cases}${breaks}`, style: styles.known },
    { text: excuseText(known), indent: 2 },
    blankLine,
  ];
}

function headingLines(finding: Finding, report: Report): Line[] {
  const { outcome, requirements, differences } = finding;
  const about = report.requirements.filter(({ id }) => requirements.includes(id));
  const alone = about.length === 1;
  const example = about.find(({ id }) => id === differences[0]?.example.requirement);
  const heading = alone ? `${about[0]?.id} (${about[0]?.level})` : `${about.length} requirements alike`;
  return [
    { text: `${findingHeadings[outcome]} ${heading}: ${counted(countCases(finding), 'case')}`, style: styles[outcome] },
    ...(alone ? [] : [{ text: `${about.map(({ id }) => id).join(', ')}. For example:`, indent: 2 }]),
    ...(example === undefined ? [] : requirementLines(example, alone, report)),
  ];
}

/** Prints a sentence with its sources, named by its id unless it stands alone. */
export function requirementLines(requirement: ReportRequirement, alone: boolean, { contract }: Report): Line[] {
  const { id, level, says, source, line, at } = requirement;
  return [
    { text: alone ? says : `${id} (${level}): ${says}`, indent: 2, style: 'strong' },
    ...field('source', [source]),
    ...field('contract', [...(line === undefined ? [] : [`${contract.source}:${line}`]), at]),
  ];
}

/** Prints the case that shows a difference best: what was sent, expected and answered, and how to send it again. */
export function differenceLines({ cases, example }: Difference, report: Report): Line[] {
  const result = report.cases.find(({ id }) => id === example.case) as CaseResult;
  const exchange = result.exchanges[example.exchange];
  const others = cases.filter((id) => id !== example.case);
  const fuzz = fuzzReproduction(result);
  return [
    ...field('case', [`${result.id}: ${result.title}`]),
    ...(exchange === undefined ? [] : sentLines(result, example.exchange, report)),
    ...violationLines(example.violations),
    ...(exchange === undefined ? [] : answerLines(exchange)),
    ...hintLines(result, example.violations, report),
    ...(fuzz === undefined ? [] : field('found', [fuzz]).map((line): Line => ({ ...line, whole: true }))),
    ...(others.length === 0 ? [] : field('alike', [`${others.length} more: ${listed(others, most.cases)}`])),
    ...(exchange === undefined ? [] : againLines(result, exchange, report)),
  ];
}

/** Prints the request with its differences from accepted requests; the body only where these do not say enough. */
function sentLines(result: CaseResult, index: number, report: Report): Line[] {
  const { control, exchanges } = result;
  const { method, path, body } = (exchanges[index] as Exchange).request;
  const summary = summarizeDifferences(result, index, findDifferences(result, index, report));
  const order = exchanges.length > 1 ? ` (request ${index + 1} of ${exchanges.length})` : '';
  const saysAll = control !== undefined && summary !== undefined;
  const whole = saysAll || body === undefined ? [] : [shorten(visible(body), most.body)];
  return [
    ...field('sent', [`${method} ${path}${order}`, ...whole]),
    ...(summary === undefined ? [] : field('', [summary], 'strong')),
  ];
}

/** Prints violations, each once with how often it occurs. */
function violationLines(violations: readonly CaseViolation[]): Line[] {
  const groups = [...Map.groupBy(violations, ({ at, expected, actual }) => [at, expected, actual].join('\n')).values()];
  const unshown = groups.slice(most.violations).flat().length;
  return [
    ...groups.slice(0, most.violations).flatMap((alike) => {
      const { at, expected, actual } = alike[0] as CaseViolation;
      const times = alike.length === 1 ? '' : ` (${alike.length} times)`;
      return [
        ...field('expected', [`${at}: ${expected}`], 'wanted'),
        ...field('actual', [`${at}: ${actual}${times}`], 'violated'),
      ];
    }),
    ...(unshown === 0 ? [] : field('', [`and ${counted(unshown, 'violation')} more`])),
  ];
}

/** Prints the beginning of the answer, whose text often names the cause. */
function answerLines({ response }: Exchange): Line[] {
  if (response === undefined) return [];
  const { status, headers, body } = response;
  const type = headers['content-type'] ?? 'no content-type';
  const text = body.text === '' ? 'no body' : shorten(visible(body.text), most.answer);
  return field('answer', [`${status}, ${type}, ${text}`], 'faint');
}

function hintLines(result: CaseResult, violations: readonly CaseViolation[], report: Report): Line[] {
  const index = violations[0]?.exchange ?? 0;
  const exchange = result.exchanges[index];
  const hint = exchange && findHint({ violations, exchange, differences: findDifferences(result, index, report) });
  return hint === undefined ? [] : field('hint', [hint], 'hint');
}

/**
 * Prints the command that sends a request again, alone on its line. A request that was cut for the report cannot be sent
 * by hand, and one of several requests may not show what all of them do.
 */
function againLines({ id, exchanges }: CaseResult, { request }: Exchange, { target }: Report): Line[] {
  const only = `--only '${id}'`;
  if (!isComplete(request)) return field('again', [`the body is too long to show: run the case again with ${only}`]);
  const others = exchanges.length > 1 ? `this request alone; all ${exchanges.length} with ${only}` : '';
  return [...field('again', [others]), { text: curlCommand(request, target.origin), whole: true }];
}
