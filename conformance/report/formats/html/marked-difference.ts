import { html, type Markup } from './markup.ts';

/** Two texts, in each of which what the other has not is marked: all between their common beginning and end. */
export function markedDifference(
  expected: string,
  actual: string,
): { readonly expected: Markup; readonly actual: Markup } {
  const wanted = tokensOf(expected);
  const came = tokensOf(actual);
  const shorter = Math.min(wanted.length, came.length);
  let start = 0;
  while (start < shorter && wanted[start] === came[start]) start += 1;
  let end = 0;
  while (end < shorter - start && wanted.at(-1 - end) === came.at(-1 - end)) end += 1;
  return { expected: marked(wanted, start, end, 'wanted'), actual: marked(came, start, end, 'came') };
}

function tokensOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|[^]/gu) ?? [];
}

function marked(tokens: readonly string[], start: number, end: number, kind: string): Markup {
  const part = (from: number, to: number) => tokens.slice(from, to).join('');
  const middle = part(start, tokens.length - end);
  const mark = middle === '' ? '' : html`<mark class="${kind}">${middle}</mark>`;
  return html`${part(0, start)}${mark}${part(tokens.length - end, tokens.length)}`;
}
