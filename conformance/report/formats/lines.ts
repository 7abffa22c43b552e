import type { CaseResult, Report, ReportRequirement, RequirementOutcome, SelfCheck } from '../model.ts';
import { capitalize, counted, excuseText, listed, shorten, visible, withoutCommand } from '../texts.ts';
import { groupName, unreachedBesides } from '../verdict.ts';
import type { DifferenceView, FindingView } from '../view.ts';

/** The meaning of a line, which the screen paints. */
export type Style = 'violated' | 'warned' | 'wanted' | 'strong' | 'faint' | 'hint';

/** The screen that a report is printed on. */
export interface Screen {
  /** In characters. Undefined if it is not a terminal: lines that begin at the left then stay whole, to be searched. */
  readonly width: number | undefined;
  paint(style: Style, text: string): string;
}

export const plainScreen: Screen = { width: undefined, paint: (_, text) => text };

/** A line of a report, not yet wrapped. */
export interface Line {
  readonly text: string;
  readonly style?: Style | undefined;
  /** The number of blanks before it. */
  readonly indent?: number;
  /** A label before the text, which is wrapped to the right of it. */
  readonly label?: string;
  /** True to print it without breaks, to be copied. */
  readonly whole?: true;
}

export const blankLine: Line = { text: '' };

/** The width of the label of a field, in characters. */
const labelWidth = 10;

const narrowest = 40;

/** The width of blocks on a screen without a width. */
const usualWidth = 80;

/** Wraps and paints lines. Every text passes here, and is made harmless for terminals and for runners of jobs. */
export function renderLines(lines: readonly Line[], screen: Screen): string {
  return lines.flatMap((line) => renderLine(line, screen)).join('\n');
}

/** Prints lines as for a terminal of any width, without colours. */
export function renderPlain(lines: readonly Line[]): string[] {
  return renderLines(lines, { ...plainScreen, width: Infinity }).split('\n');
}

/** Makes the lines of a field: a label, and texts to the right of it, each on a new line. */
export function field(label: string, texts: readonly string[], style?: Style): Line[] {
  return texts.map((text, index) => ({ text, style, indent: 2, label: index === 0 ? label : '' }));
}

function renderLine({ text, style, indent = 0, label, whole }: Line, { width, paint }: Screen): string[] {
  const isWhole = whole === true || (width === undefined && indent === 0);
  const painted = (part: string) => (style === undefined || part === '' ? part : paint(style, part));
  const before = ' '.repeat(indent) + (label ?? '').padEnd(label === undefined ? 0 : labelWidth);
  const room = Math.max(width ?? usualWidth, narrowest) - before.length;
  return (isWhole ? [visible(text)] : wrap(visible(text), room)).map(withoutCommand).map((part, index) => {
    if (label === undefined || index > 0) return `${' '.repeat(before.length)}${painted(part)}`.trimEnd();
    return `${label === '' ? before : paint('faint', before)}${painted(part)}`.trimEnd();
  });
}

/** Breaks a text into lines that fit. A word that does not fit is cut, after a comma if possible: bodies have few blanks. */
function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > room) {
    const end = findBreak(rest, room);
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

function findBreak(text: string, room: number): number {
  const places = [text.lastIndexOf(' ', room), text.lastIndexOf(',', room - 1) + 1];
  return places.find((place) => place > room / 2) ?? room;
}

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

/** Lists why requirements were not reached or not applicable, each reason once. */
export function reasonLines(outcome: RequirementOutcome, { requirements }: Report): Line[] {
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

/** Lists the errors of the suite, and why requirements and cases of others were not reached, each reason once. */
export function unprovenLines(report: Report): Line[] {
  const { requirements, cases } = report;
  const byReason = Map.groupBy(unreachedBesides(requirements, cases), ({ reason }) => reason ?? 'no reason');
  return [
    ...reasonLines('unreached', report),
    ...[...byReason].flatMap(([reason, unreached]): Line[] => [
      { text: `Unreached cases of requirements that others reached: ${reason}`, style: 'warned' },
      { text: unreached.map(({ id }) => id).join(', '), indent: 2 },
      blankLine,
    ]),
    ...cases
      .filter((result) => result.verdict === 'error')
      .map(({ id, reason }): Line => ({ text: `ERROR of the suite in ${id}: ${reason}`, style: 'violated' })),
  ];
}

/** Prints the share of wrong answers that the run would have caught, and what would catch the others. */
export function selfCheckLines({ tried, notApplicable, totals }: SelfCheck): Line[] {
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
function selfCheckSentence({ tried, caught, warned, share = 0 }: SelfCheck['totals']): string {
  if (tried === 0) return 'no wrong answer could be tried, since no case was run to its end';
  const percent = (Math.floor(share * 1000) / 10).toFixed(1);
  const warnings = warned === 0 ? '' : `, ${warned} of them as a warning`;
  return `${caught} of ${tried} wrong answers would have been caught (${percent} %)${warnings}`;
}
