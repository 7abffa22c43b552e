import type { CaseViolation, Finding } from './model.ts';

const escapes = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * Escapes all but printable ASCII, so that every character can be seen and none acts on a terminal. Runners of jobs take
 * `##[command]` and `##vso[command]` anywhere in a line: these are escaped too.
 *
 * @param escaped - The characters to escape, if not all these.
 */
export function visible(text: string, escaped = /[^\x20-\x7e…]/g): string {
  // The ellipsis is the suite's own sign for what is left out.
  return text
    .replaceAll(escaped, (character) => escapes.get(character) ?? escapeUnit(character))
    .replaceAll(/##(?=(?:vso)?\[)/gi, `#${escapeUnit('#')}`);
}

/** Escapes two colons at the beginning of a line, with which a command of GitHub begins, after blanks or not. */
export function withoutCommand(line: string): string {
  return line.replace(/^(\s*):(?=:)/, `$1${escapeUnit(':')}`);
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const cutLength = /… \((\d+) characters\)$/;

/** Cuts a text that is too long to show, and adds the length that it was sent with. */
export function shorten(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}… (${originalLength(text)} characters)` : text;
}

/** Returns the length of a text before it was cut for the report. */
export function originalLength(text: string): number {
  return Number(cutLength.exec(text)?.[1] ?? text.length);
}

export function isCut(text: string): boolean {
  return cutLength.test(text);
}

/** Writes a number with its noun: "1 case", "1,200 cases". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

export function capitalize(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** Lists the first of some words, and counts the others. */
export function listed(words: readonly string[], most: number): string {
  const others = words.length - most;
  return others > 0 ? `${words.slice(0, most).join(', ')} and ${others} others` : words.join(', ');
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

export function violationText({ at, expected, actual }: CaseViolation): string {
  return `${at}: expected ${expected}, came ${actual}`;
}

/** Writes why a known failure may fail, and for how long. */
export function excuseText(known: Pick<NonNullable<Finding['known']>, 'reason' | 'until'>): string {
  return known.until === undefined ? known.reason : `${known.reason} (until ${known.until})`;
}

/** Escapes a text for an HTML element in Markdown. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Writes lines as a preformatted block of Markdown, escaped so that they cannot become markup. The block begins after a
 * blank line, so that nothing before its closing tag ends it.
 */
export function preformatted(lines: readonly string[]): string[] {
  return ['<pre>', ...lines.map((line) => escapeMarkup(visible(line))), '</pre>', ''];
}
