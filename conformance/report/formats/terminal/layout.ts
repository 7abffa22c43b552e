import { visible } from '../../visible.ts';

/** What a line means; whoever owns the terminal knows how that looks. */
export type Style = 'violated' | 'warned' | 'wanted' | 'strong' | 'faint' | 'hint';

/** Where a report is printed. */
export interface Screen {
  /** In characters; undefined where no person looks, and lines that begin at the left stay whole, to be searched. */
  readonly width: number | undefined;
  paint(style: Style, text: string): string;
}

/** A screen of which nothing is known. */
export const plainScreen: Screen = { width: undefined, paint: (_, text) => text };

/** A line of a report, not yet wrapped. */
export interface Line {
  readonly text: string;
  readonly style?: Style | undefined;
  /** How many blanks stand before it. */
  readonly indent?: number;
  /** What stands before the text, which is then wrapped beside it. */
  readonly label?: string;
  /** Whether it is printed without breaks, to be copied. */
  readonly whole?: true;
}

export const blankLine: Line = { text: '' };

/** How many characters the label of a field takes. */
const labelWidth = 10;

const narrowest = 40;

/** How wide the blocks are where nothing is known of the screen. */
const usualWidth = 80;

/** Lines as they are printed. Every text passes here, and is made harmless for terminals. */
export function rendered(lines: readonly Line[], screen: Screen): string {
  return lines.flatMap((line) => renderedLine(line, screen)).join('\n');
}

/** A field of a block: a label, and texts beside it, each on lines of its own. */
export function field(label: string, texts: readonly string[], style?: Style): Line[] {
  return texts.map((text, index) => ({ text, style, indent: 2, label: index === 0 ? label : '' }));
}

function renderedLine({ text, style, indent = 0, label, whole }: Line, { width, paint }: Screen): string[] {
  const isWhole = whole === true || (width === undefined && indent === 0);
  const painted = (part: string) => (style === undefined || part === '' ? part : paint(style, part));
  const before = ' '.repeat(indent) + (label ?? '').padEnd(label === undefined ? 0 : labelWidth);
  const room = Math.max(width ?? usualWidth, narrowest) - before.length;
  return (isWhole ? [visible(text)] : wrapped(visible(text), room)).map((part, index) => {
    if (label === undefined || index > 0) return `${' '.repeat(before.length)}${painted(part)}`.trimEnd();
    return `${label === '' ? before : paint('faint', before)}${painted(part)}`.trimEnd();
  });
}

/** A text in lines that fit; a word that does not fit is cut, behind a comma if it can be, since bodies have few blanks. */
function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > room) {
    const end = breakIn(rest, room);
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

function breakIn(text: string, room: number): number {
  const places = [text.lastIndexOf(' ', room), text.lastIndexOf(',', room - 1) + 1];
  return places.find((place) => place > room / 2) ?? room;
}
