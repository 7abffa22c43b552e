/** A text of which every character is seen and none acts on a terminal: all but printable ASCII is escaped. */
export function visible(text: string): string {
  // The ellipsis is the suite's own sign for what is left out.
  return text.replaceAll(/[^\x20-\x7e…]/g, (character) => named.get(character) ?? unit(character));
}

const named = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** A UTF-16 code unit as JSON escapes it. */
function unit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The beginning of a text that is too long to show, with the length that it was sent with. */
export function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}… (${lengthOf(text)} characters)` : text;
}

/** The length of a text before it was cut for the report. */
export function lengthOf(text: string): number {
  return Number(cut.exec(text)?.[1] ?? text.length);
}

/** Whether a text was cut for the report. */
export function isCut(text: string): boolean {
  return cut.test(text);
}

const cut = /… \((\d+) characters\)$/;
