import type { Report, ReportRequirement } from '../../model.ts';

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

/** Makes an item of a list of facts, unless there is nothing to say. */
export function fact(name: string, value: Content): Markup | undefined {
  if (value === undefined || value === false) return undefined;
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

/** Makes a list whose items stand on one line. */
export function inlineList(items: readonly Content[]): Markup {
  return html`<ul class="inline">
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

/** Makes a table of one or several bodies. Its caption is seen only if `hasVisibleCaption`. */
export function table(
  columns: readonly string[],
  bodies: readonly Content[],
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
    ${bodies.map(
      (rows) =>
        html`<tbody>
          ${rows}
        </tbody>`,
    )}
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

export function requirementAnchor(id: string): string {
  return `requirement/${id}`;
}

export function caseAnchor(id: string): string {
  return `case/${id}`;
}

export function requirementLink(id: string): Markup {
  return html`<a href="#${fragment(requirementAnchor(id))}"><code>${id}</code></a>`;
}

export function caseLink(id: string): Markup {
  return html`<a href="#${fragment(caseAnchor(id))}"><code>${id}</code></a>`;
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
