import type { Report, ReportRequirement } from '../../model.ts';
import type { Totals } from '../../verdict.ts';

/** HTML made by `html`, so that everything in it is escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A value in a template: text is escaped, undefined and false are left out. */
export type Content = string | number | Markup | undefined | false | readonly Content[];

/** Makes HTML. Text is escaped, as an attribute's value after `="` and as an element's content elsewhere. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const filled = values.map((value, index) => render(value, parts[index]?.endsWith('="') === true));
  return new Markup(String.raw({ raw: parts }, ...filled));
}

/** Makes a part of the page with its heading, which may have a count. */
export function section(id: string, heading: string, content: Content, count?: number): Markup {
  const counted = count !== undefined && html` <span class="count">${count}</span>`;
  return html`<section id="${id}" aria-labelledby="${id}-heading">
    <h2 id="${id}-heading">${heading}${counted}</h2>
    ${content}
  </section>`;
}

/** Makes a list of facts by their names; those of which there is nothing to say are left out. */
export function factList(facts: readonly (readonly [name: string, value: Content])[], name = ''): Markup {
  const told = facts.filter(([, value]) => value !== undefined && value !== false);
  return html`<dl class="facts ${name}">
    ${told.map(
      ([term, value]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Makes a list whose items stand on one line. */
export function inlineList(items: readonly Content[]): Markup {
  return html`<ul class="inline">
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

/** Makes a table. Its caption is seen only if `hasVisibleCaption`. */
export function table(
  columns: readonly string[],
  rows: readonly Markup[],
  caption: string,
  { name = '', hasVisibleCaption = false } = {},
): Markup {
  return html`<table class="${name}">
    <caption class="${!hasVisibleCaption && 'hidden'}">
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map((column) => html`<th scope="col">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

/** Shows a text on one line, its line breaks and tabs too. */
export function inline(text: string): Markup {
  const shown = html`${text}`.text.replaceAll('\n', unseenMark('\\n')).replaceAll('\t', unseenMark('\\t'));
  return new Markup(shown);
}

function unseenMark(escaped: string): string {
  return `<span class="unseen">${escaped}</span>`;
}

/** Escapes a text for the value of an attribute, and keeps every character that HTML can express. */
export function escapeExactly(text: string): Markup {
  return new Markup(text.replaceAll(/[&<>"'\r]/g, reference));
}

function render(value: Content, inAttribute: boolean): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map((one) => render(one, inAttribute)).join('');
  const text = String(value).replaceAll(/[&<>"']/g, reference);
  return text.replaceAll(unseen, (character) =>
    inAttribute ? escapeCharacter(character) : unseenMark(escapeCharacter(character)),
  );
}

/**
 * Matches characters that cannot be seen or that change how others look: controls, formats, lone surrogates, and blanks
 * other than the space. Line breaks and tabs stay.
 */
const unseen = /[^\P{C}\n\t]|[^\P{Z} ]/gu;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)?.toString(16) ?? '';
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

/** Links to the row of a requirement, or to a case. */
export function linkTo(kind: 'requirement' | 'case', id: string): Markup {
  return html`<a href="#${fragment(`${kind}/${id}`)}"><code>${id}</code></a>`;
}

/** Names the place of a requirement in the contract, and links to its line where the repository is known. */
export function contractPlace(
  { at, line }: Pick<ReportRequirement, 'at' | 'line'>,
  contract: Report['contract'],
): Markup {
  const place = `${contract.source}:${line}`;
  const link = contract.url === undefined ? place : html`<a href="${contract.url}#L${line ?? 1}">${place}</a>`;
  return html`<code>${at}</code>${line !== undefined && [', ', link]}`;
}

/** Makes a part of the page that is closed at first. */
export function fold(summary: Content, content: Content, name = 'fold'): Markup {
  return html`<details class="${name}">
    <summary>${summary}</summary>
    ${content}
  </details>`;
}

/** Links to the list of cases, filtered. */
export function casesLink(filter: Readonly<Record<string, string>>, text: string): Markup {
  return html`<a href="#cases?${escapeExactly(new URLSearchParams(filter).toString())}">${text}</a>`;
}

/** Writes an anchor as it stands after the `#` of an address. */
export function fragment(anchor: string): Markup {
  return escapeExactly(encodeURI(anchor.toWellFormed()));
}

/** A sign of an outcome or verdict, shown with its colour so that print and colour-blind readers can tell it. */
interface Sign {
  /** The name of the colours in the style sheet. */
  readonly tone: 'good' | 'bad' | 'warning' | 'known' | 'open' | 'quiet';
  readonly sign: string;
}

const signs: Readonly<Record<string, Sign>> = {
  violated: { tone: 'bad', sign: '✗' },
  fail: { tone: 'bad', sign: '✗' },
  'not conforming': { tone: 'bad', sign: '✗' },
  error: { tone: 'bad', sign: 'E' },
  'nothing verified': { tone: 'open', sign: '?' },
  warned: { tone: 'warning', sign: '!' },
  warn: { tone: 'warning', sign: '!' },
  known: { tone: 'known', sign: 'K' },
  unreached: { tone: 'open', sign: '?' },
  incomplete: { tone: 'open', sign: '?' },
  'not applicable': { tone: 'quiet', sign: '–' },
  excluded: { tone: 'quiet', sign: '·' },
  met: { tone: 'good', sign: '✓' },
  pass: { tone: 'good', sign: '✓' },
  conforming: { tone: 'good', sign: '✓' },
};

/** The outcomes and verdicts, the most important first. */
export const outcomeOrder: readonly string[] = Object.keys(signs);

export function findSign(outcome: string): Sign {
  return signs[outcome] ?? { tone: 'quiet', sign: '–' };
}

/** The sign of an outcome, to be followed by its word. */
export function signMark(outcome: string): Markup {
  const { tone, sign } = findSign(outcome);
  return html`<span class="sign ${tone}" aria-hidden="true">${sign}</span>`;
}

/** An outcome with its sign and its word. */
export function badge(outcome: string): Markup {
  const { tone, sign } = findSign(outcome);
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${outcome}</span>`;
}

/** Sorts totals, the most important first. */
export function sortTotals(totals: Totals): [string, number][] {
  const rank = ([word]: [string, number]) => outcomeOrder.indexOf(word);
  const rows = Object.entries(totals).map(([word, count = 0]): [string, number] => [word, count]);
  return rows.toSorted((one, other) => rank(one) - rank(other));
}

/** A bar of totals with a legend. */
export function totalsBar(label: string, totals: Totals): Markup {
  const rows = sortTotals(totals);
  const whole = rows.reduce((sum, [, count]) => sum + count, 0);
  const legend = rows.map(([word, count]) => html`<li>${signMark(word)} <b>${count}</b> ${word}</li>`);
  return html`<div class="totals">
    <h3>${whole} ${label}</h3>
    ${bar(rows, whole)}
    <ul class="legend">
      ${legend}
    </ul>
  </div>`;
}

/** Draws totals as a bar, to scale. */
function bar(rows: readonly (readonly [word: string, count: number])[], whole: number): Markup {
  const parts = rows.map(([word, count], index) => {
    const from = rows.slice(0, index).reduce((sum, [, before]) => sum + before, 0);
    return html`<rect class="fill ${findSign(word).tone}" x="${from}" width="${count}" height="1" />`;
  });
  return html`<svg class="scale" viewBox="0 0 ${whole} 1" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}
