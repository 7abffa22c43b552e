import { visible, withoutCommand } from '../../texts.ts';

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
