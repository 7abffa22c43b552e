import type { CaseResult, Exchange, Report, ReportRequirement, RequirementOutcome, SelfCheck } from '../model.ts';
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

/** The width of the label of a field, the least of a screen, and that of blocks on a screen without one. */
const widths = { label: 10, least: 40, usual: 80 };

/** Wraps and paints lines. Every text passes here, and is made harmless for terminals and for runners of jobs. */
export function renderLines(lines: readonly Line[], screen: Screen): string {
  return lines.flatMap((line) => renderLine(line, screen)).join('\n');
}

/** Prints lines as for a terminal of any width, without colours. */
export function renderPlain(lines: readonly Line[]): string[] {
  return renderLines(lines, { ...plainScreen, width: Infinity }).split('\n');
}

/** Makes the lines of a field: a label, and texts to the right of it, each on a new line; those undefined are left out. */
export function field(label: string, texts: readonly (string | undefined)[], style?: Style): Line[] {
  return texts
    .filter((text) => text !== undefined)
    .map((text, index) => ({ text, style, indent: 2, label: index === 0 ? label : '' }));
}

function renderLine({ text, style, indent = 0, label, whole }: Line, { width, paint }: Screen): string[] {
  const isWhole = whole === true || (width === undefined && indent === 0);
  const before = ' '.repeat(indent) + (label === undefined ? '' : label.padEnd(widths.label));
  const room = Math.max(width ?? widths.usual, widths.least) - before.length;
  const parts = isWhole ? [visible(text)] : wrap(visible(text), room);
  return parts.map(withoutCommand).map((part, index) => {
    const painted = style === undefined || part === '' ? part : paint(style, part);
    const start = index === 0 && before.trim() !== '' ? paint('faint', before) : ' '.repeat(before.length);
    return `${start}${painted}`.trimEnd();
  });
}

/**
 * Breaks a text into lines that fit. A word that does not fit is cut, after a comma if possible: bodies have few blanks. An
 * id that fits on a line is not.
 */
function wrap(text: string, room: number): string[] {
  if (text.length <= room) return [text];
  const blank = text.lastIndexOf(' ', room);
  const [next = ''] = text.slice(blank + 1).split(' ', 1);
  const isId = blank > 0 && next.length <= room && /^[\w/-]+,?$/.test(next);
  const places = [blank, text.lastIndexOf(',', room - 1) + 1];
  const end = isId ? blank : (places.find((place) => place > room / 2) ?? room);
  return [text.slice(0, end).trimEnd(), ...wrap(text.slice(end).trimStart(), room)];
}

const styles = { violated: 'violated', warned: 'warned', known: 'faint' } as const;

/** The largest part of one finding that is shown; the rest is counted, and stands in report.json. */
const most = { differences: 3, violations: 3, cases: 8, answer: 200, body: 400 };

/** Prints a finding as a block: the requirement, its sources, and what shows that it is broken. */
export function findingLines({ heading, title, cases, outcome, ...view }: FindingView, report: Report): Line[] {
  const { requirements, shown, differences, known } = view;
  const [count, style] = [counted(cases.length, 'case'), styles[outcome]];
  const ids = requirements.map(({ id }) => id).join(', ');
  if (known !== undefined) {
    // A known failure is named, and not shown again.
    const breaks = ids === known.id ? '' : `, breaks ${ids}`;
    return [
      { text: `${heading} ${known.id}: ${count}${breaks}`, style },
      { text: excuseText(known), indent: 2 },
      blankLine,
    ];
  }
  const isAlone = requirements.length === 1;
  return [
    { text: `${heading} ${title}: ${count}`, style },
    ...(isAlone ? [] : [{ text: `${ids}. For example:`, indent: 2 }]),
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
    ...field('contract', [line === undefined ? undefined : `${contract.source}:${line}`, at]),
  ];
}

/** Prints the first differences, and counts the others. */
export function differencesLines(differences: readonly DifferenceView[]): Line[] {
  const unshown = differences.slice(most.differences);
  const ids = unshown.flatMap(({ result, others }) => [result.id, ...others]);
  const rest = `${counted(unshown.length, 'way')} more to break it: ${listed(ids, most.cases)}`;
  return [
    ...differences.slice(0, most.differences).flatMap((difference) => [blankLine, ...differenceLines(difference)]),
    ...(unshown.length === 0 ? [] : [blankLine, ...field('others', [rest])]),
  ];
}

/** Prints the case that shows a difference best: what was sent, expected and answered, and how to send it again. */
function differenceLines({ result, exchange, others, ...view }: DifferenceView): Line[] {
  const { violations, left, ids, hint, found } = view;
  const { order, summary, curl, again } = exchange ?? {};
  // The body is shown only where the difference from the control does not say enough.
  const saysAll = result.control !== undefined && summary !== undefined;
  const unshown = violations.slice(most.violations).reduce((sum, { times }) => sum + times, left);
  return [
    ...field('case', [`${result.id}: ${result.title}`]),
    ...(exchange === undefined ? [] : sentLines(exchange, order && `request ${order}`, saysAll)),
    ...field('', [summary], 'strong'),
    ...violations
      .slice(0, most.violations)
      .flatMap(({ at, expected, actual, times }) => [
        ...field('expected', [`${at}: ${expected}`], 'wanted'),
        ...field('actual', [`${at}: ${actual}${times === 1 ? '' : ` (${times} times)`}`], 'violated'),
      ]),
    ...(unshown === 0 ? [] : field('', [`and ${counted(unshown, 'violation')} more`])),
    ...(exchange === undefined ? [] : answerLines(exchange)),
    ...field('ids', [ids]),
    ...field('hint', [hint], 'hint'),
    ...field('found', [found]).map((line): Line => ({ ...line, whole: true })),
    ...field('alike', [others.length === 0 ? undefined : `${others.length} more: ${listed(others, most.cases)}`]),
    ...field('again', [curl === undefined ? again : (again ?? '')]),
    ...(curl === undefined ? [] : [{ text: curl, whole: true } as const]),
  ];
}

function sentLines({ request: { method, path, body } }: Exchange, order?: string, withoutBody = false): Line[] {
  const sent = `${method} ${path}${order === undefined ? '' : ` (${order})`}`;
  return field('sent', [sent, withoutBody || body === undefined ? undefined : shorten(visible(body), most.body)]);
}

/** Prints the beginning of the answer, whose text often names the cause. */
function answerLines({ response }: Exchange): Line[] {
  if (response === undefined) return [];
  const { status, headers, body } = response;
  const text = body.text === '' ? 'no body' : shorten(visible(body.text), most.answer);
  return field('answer', [`${status}, ${headers['content-type'] ?? 'no content-type'}, ${text}`], 'faint');
}

/** Prints the requests of a case that passes, and their answers. */
export function passedLines({ id, title, exchanges }: CaseResult): Line[] {
  const shown = exchanges.flatMap((exchange) => [...sentLines(exchange), ...answerLines(exchange)]);
  return [{ text: `PASS ${id}: ${title}`, style: 'wanted' }, ...shown, blankLine];
}

/** Lists why requirements were not reached or not applicable, each reason once. */
export function reasonLines(outcome: RequirementOutcome, { requirements }: Report): Line[] {
  const rows = requirements.filter((requirement) => requirement.outcome === outcome);
  const applicable = requirements.filter((requirement) => requirement.outcome !== 'excluded');
  return [...Map.groupBy(rows, ({ reason }) => reason ?? 'no reason')].flatMap(([reason, about]): Line[] => {
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
  const errors = cases.filter(({ verdict }) => verdict === 'error');
  return [
    ...reasonLines('unreached', report),
    ...[...byReason].flatMap(([reason, unreached]): Line[] => [
      { text: `Unreached cases of requirements that others reached: ${reason}`, style: 'warned' },
      { text: unreached.map(({ id }) => id).join(', '), indent: 2 },
      blankLine,
    ]),
    ...errors.map(({ id, reason }): Line => ({ text: `ERROR of the suite in ${id}: ${reason}`, style: 'violated' })),
  ];
}

/** Prints the share of wrong answers that the run would have caught, and what would catch the others. */
export function selfCheckLines({ tried, totals }: SelfCheck): Line[] {
  if (totals.tried === 0) {
    return [{ text: 'Self-check: no wrong answer could be tried, since no case was run to its end' }];
  }
  // The share is not rounded up, so that 100 % means all.
  const percent = (Math.floor((totals.share ?? 0) * 1000) / 10).toFixed(1);
  const warnings = totals.warned === 0 ? '' : `, ${totals.warned} of them as a warning`;
  const caught = `${totals.caught} of ${totals.tried} wrong answers would have been caught (${percent} %)${warnings}`;
  const missed = tried.filter(({ caughtBy }) => caughtBy.length === 0);
  return [
    { text: `Self-check: ${caught}` },
    ...[...Map.groupBy(missed, ({ reason }) => reason ?? '')].flatMap(([reason, answers]) => [
      { text: `not caught: ${reason}`, indent: 2 },
      ...answers.map(({ says }) => ({ text: `- ${says}`, indent: 4 })),
    ]),
    ...(totals.notApplicable === 0
      ? []
      : [{ text: `not tried, since no answer gave occasion: ${totals.notApplicable}, see report.json`, indent: 2 }]),
  ];
}
