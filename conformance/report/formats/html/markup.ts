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

export function list(name: string, items: readonly Content[]): Markup {
  return html`<ul class="${name}">
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

/** Makes a table with a caption for those who do not see it. */
export function table(columns: readonly string[], rows: readonly Markup[], caption: string, name = ''): Markup {
  return html`<table class="${name}">
    <caption class="hidden">
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
  return new Markup(
    html`${text}`.text.replaceAll(/[\n\t]/g, (character) => unseenMark(character === '\n' ? '\\n' : '\\t')),
  );
}

/** Escapes a text for the value of an attribute, and keeps every character that HTML can express. */
export function escapeExactly(text: string): Markup {
  return new Markup(text.replaceAll(/[&<>"'\r]/g, reference));
}

function render(value: Content, inAttribute: boolean): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map((one) => render(one, inAttribute)).join('');
  if (typeof value === 'number' || plain.test(value)) return String(value);
  const text = value.replaceAll(/[&<>"']/g, reference);
  return text.replaceAll(unseen, (character) => {
    const code = character.codePointAt(0)?.toString(16) ?? '';
    const escaped = code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
    return inAttribute ? escaped : unseenMark(escaped);
  });
}

/**
 * Matches characters that cannot be seen or that change how others look: controls, formats, lone surrogates, and blanks
 * other than the space. Line breaks and tabs stay.
 */
const unseen = /[^\P{C}\n\t]|[^\P{Z} ]/gu;

/** Matches a text that needs no escaping, as most do. */
const plain = /^[\n !#-%(-;=?-~]*$/;

function unseenMark(escaped: string): string {
  return `<span class="unseen">${escaped}</span>`;
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

export function linkTo(kind: 'requirement' | 'case', id: string): Markup {
  return html`<a href="#${fragment(`${kind}/${id}`)}"><code>${id}</code></a>`;
}

/** Makes a part of the page that is closed at first. */
export function fold(summary: Content, content: Content, name = 'fold'): Markup {
  return html`<details class="${name}">
    <summary>${summary}</summary>
    ${content}
  </details>`;
}

/** Writes an anchor as it stands after the `#` of an address. */
export function fragment(anchor: string): Markup {
  return escapeExactly(encodeURI(anchor.toWellFormed()));
}

/** The colours and the sign of each outcome and verdict, the most important first; print has the sign alone. */
const signs: Readonly<Record<string, readonly [tone: string, sign: string]>> = {
  violated: ['bad', '✗'],
  fail: ['bad', '✗'],
  'not conforming': ['bad', '✗'],
  error: ['bad', 'E'],
  'nothing verified': ['open', '?'],
  warned: ['warning', '!'],
  warn: ['warning', '!'],
  known: ['known', 'K'],
  unreached: ['open', '?'],
  incomplete: ['open', '?'],
  'not applicable': ['quiet', '–'],
  excluded: ['quiet', '·'],
  met: ['good', '✓'],
  pass: ['good', '✓'],
  conforming: ['good', '✓'],
};

export function findSign(outcome: string): { readonly tone: string; readonly sign: Markup } {
  const [tone, sign] = signs[outcome] ?? ['quiet', '–'];
  return { tone, sign: html`<span aria-hidden="true">${sign}</span>` };
}

export function badge(outcome: string): Markup {
  const { tone, sign } = findSign(outcome);
  return html`<span class="badge ${tone}">${sign} ${outcome}</span>`;
}

/** Compares outcomes and verdicts: the most important first. */
export function byImportance(one: string, other: string): number {
  const order = Object.keys(signs);
  return order.indexOf(one) - order.indexOf(other);
}

/** Sorts totals, the most important first. */
export function sortTotals(totals: Totals): [word: string, count: number][] {
  const rows = Object.entries(totals).map(([word, count = 0]): [string, number] => [word, count]);
  return rows.toSorted(([one], [other]) => byImportance(one, other));
}

/** Draws totals as a bar to scale, with a legend. */
export function totalsBar(label: string, totals: Totals): Markup {
  const rows = sortTotals(totals);
  const whole = rows.reduce((sum, [, count]) => sum + count, 0);
  let from = 0;
  const parts = rows.map(([word, count]) => {
    from += count;
    return html`<rect class="fill ${findSign(word).tone}" x="${from - count}" width="${count}" height="1" />`;
  });
  return html`<div class="totals">
    <h3>${whole} ${label}</h3>
    <svg class="scale" viewBox="0 0 ${whole} 1" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>
    ${list(
      'legend',
      rows.map(([word, count]) => html`${badge(word)} ${count}`),
    )}
  </div>`;
}
