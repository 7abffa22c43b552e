import { exactly, html, type Markup } from './markup.ts';

/** The anchor of a requirement. */
export function requirementAnchor(id: string): string {
  return `requirement/${id}`;
}

/** The anchor of a case. */
export function caseAnchor(id: string): string {
  return `case/${id}`;
}

/** A link to a requirement. */
export function requirementLink(id: string): Markup {
  return html`<a href="#${fragment(requirementAnchor(id))}"><code>${id}</code></a>`;
}

/** A link to a case. */
export function caseLink(id: string): Markup {
  return html`<a href="#${fragment(caseAnchor(id))}"><code>${id}</code></a>`;
}

/** A link to the list of cases, of which it shows some. */
export function casesLink(filter: Readonly<Record<string, string>>, text: string): Markup {
  return html`<a href="#cases?${exactly(new URLSearchParams(filter).toString())}">${text}</a>`;
}

/** What stands behind the `#` for an anchor. */
export function fragment(anchor: string): Markup {
  return exactly(encodeURI(anchor.toWellFormed()));
}
