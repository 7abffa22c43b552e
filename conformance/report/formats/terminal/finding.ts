import type { DifferenceView, FindingView } from '../../finding-view.ts';
import type { CaseResult, Report, ReportRequirement } from '../../model.ts';
import { counted, excuseText, listed, shorten, visible } from '../../texts.ts';
import { blankLine, field, type Line } from './layout.ts';

const styles = { violated: 'violated', warned: 'warned', known: 'faint' } as const;

/** The largest part of one finding that is shown; the rest is counted, and stands in report.json. */
const most = { differences: 3, violations: 3, cases: 8, answer: 200, body: 400 };

/** Prints a finding as a block: the requirement, its sources, and what shows that it is broken. */
export function findingLines({ heading, title, cases, outcome, ...view }: FindingView, report: Report): Line[] {
  const { requirements, shown, differences, known } = view;
  const style = styles[outcome];
  if (known !== undefined) {
    // A known failure is named, and not shown again.
    const ids = requirements.map(({ id }) => id).join(', ');
    const breaks = ids === known.id ? '' : `, breaks ${ids}`;
    return [
      { text: `${heading} ${known.id}: ${cases}${breaks}`, style },
      { text: excuseText(known), indent: 2 },
      blankLine,
    ];
  }
  const isAlone = requirements.length === 1;
  return [
    { text: `${heading} ${title}: ${cases}`, style },
    ...(isAlone ? [] : [{ text: `${requirements.map(({ id }) => id).join(', ')}. For example:`, indent: 2 }]),
    ...(shown === undefined ? [] : requirementLines(shown, isAlone, report)),
    ...differencesLines(differences),
    blankLine,
    blankLine,
  ];
}

/** Prints a sentence with its sources, named by its id unless it stands alone. */
export function requirementLines(requirement: ReportRequirement, isAlone: boolean, { contract }: Report): Line[] {
  const { id, level, says, source, line, at } = requirement;
  return [
    { text: isAlone ? says : `${id} (${level}): ${says}`, indent: 2, style: 'strong' },
    ...field('source', [source]),
    ...field('contract', [...(line === undefined ? [] : [`${contract.source}:${line}`]), at]),
  ];
}

/** Prints the first differences, and counts the others. */
export function differencesLines(differences: readonly DifferenceView[]): Line[] {
  const unshown = differences.slice(most.differences);
  const cases = unshown.flatMap(({ result, others }) => [result.id, ...others]);
  const rest = `${counted(unshown.length, 'way')} more to break it: ${listed(cases, most.cases)}`;
  return [
    ...differences.slice(0, most.differences).flatMap((difference) => [blankLine, ...differenceLines(difference)]),
    ...(unshown.length === 0 ? [] : [blankLine, ...field('others', [rest])]),
  ];
}

/** Prints the case that shows a difference best: what was sent, expected and answered, and how to send it again. */
function differenceLines(view: DifferenceView): Line[] {
  const { result, others, curl, again } = view;
  const alike = others.length === 0 ? undefined : `${others.length} more: ${listed(others, most.cases)}`;
  return [
    ...field('case', [`${result.id}: ${result.title}`]),
    ...sentLines(view),
    ...violationLines(view),
    ...answerLines(view),
    ...optionalField('ids', view.ids),
    ...optionalField('hint', view.hint, 'hint'),
    ...optionalField('found', view.found).map((line): Line => ({ ...line, whole: true })),
    ...optionalField('alike', alike),
    ...(curl === undefined ? optionalField('again', again) : field('again', [again ?? ''])),
    ...(curl === undefined ? [] : [{ text: curl, whole: true } as const]),
  ];
}

function optionalField(label: string, text: string | undefined, style?: Line['style']): Line[] {
  return text === undefined ? [] : field(label, [text], style);
}

/** Prints the request with its differences from accepted requests; the body only where these do not say enough. */
function sentLines({ result: { control, exchanges }, exchange, index, summary }: DifferenceView): Line[] {
  if (exchange === undefined) return [];
  const { method, path, body } = exchange.request;
  const order = exchanges.length > 1 ? ` (request ${index + 1} of ${exchanges.length})` : '';
  const saysAll = control !== undefined && summary !== undefined;
  const whole = saysAll || body === undefined ? [] : [shorten(visible(body), most.body)];
  return [...field('sent', [`${method} ${path}${order}`, ...whole]), ...optionalField('', summary, 'strong')];
}

function violationLines({ violations, left }: DifferenceView): Line[] {
  const unshown = violations.slice(most.violations).reduce((sum, { times }) => sum + times, left);
  return [
    ...violations.slice(0, most.violations).flatMap(({ at, expected, actual, times }) => {
      const often = times === 1 ? '' : ` (${times} times)`;
      return [
        ...field('expected', [`${at}: ${expected}`], 'wanted'),
        ...field('actual', [`${at}: ${actual}${often}`], 'violated'),
      ];
    }),
    ...(unshown === 0 ? [] : field('', [`and ${counted(unshown, 'violation')} more`])),
  ];
}

/** Prints the beginning of the answer, whose text often names the cause. */
function answerLines({ exchange }: Pick<DifferenceView, 'exchange'>): Line[] {
  if (exchange?.response === undefined) return [];
  const { status, headers, body } = exchange.response;
  const type = headers['content-type'] ?? 'no content-type';
  const text = body.text === '' ? 'no body' : shorten(visible(body.text), most.answer);
  return field('answer', [`${status}, ${type}, ${text}`], 'faint');
}

/** Prints the requests of a case that passes, and their answers. */
export function passedLines({ id, title, exchanges }: CaseResult): Line[] {
  const lines = exchanges.flatMap((exchange, index) => {
    const { method, path, body } = exchange.request;
    const sent = [`${method} ${path}`, ...(body === undefined ? [] : [shorten(visible(body), most.body)])];
    return [...(index === 0 ? [] : [blankLine]), ...field('sent', sent), ...answerLines({ exchange })];
  });
  return [{ text: `PASS ${id}: ${title}`, style: 'wanted' }, ...lines, blankLine];
}
