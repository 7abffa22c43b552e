/** HTML that was made by `html`, so that everything in it is escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text is escaped, what is undefined or false is left out. */
export type Content = string | number | Markup | undefined | false | readonly Content[];

/** HTML with values in it. Text is escaped, as an attribute's value after `="` and as an element's content elsewhere. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const filled = values.map((value, index) => rendered(value, parts[index]?.endsWith('="') === true));
  return new Markup(String.raw({ raw: parts }, ...filled));
}

/** A text for the value of an attribute, of which every character stays what it is, as far as HTML has it. */
export function exactly(text: string): Markup {
  return new Markup(text.replaceAll(/[&<>"'\r]/g, reference));
}

function rendered(value: Content, inAttribute: boolean): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map((one) => rendered(one, inAttribute)).join('');
  const text = String(value).replaceAll(/[&<>"']/g, reference);
  return text.replaceAll(unseen, (character) =>
    inAttribute ? escapeOf(character) : `<span class="unseen">${escapeOf(character)}</span>`,
  );
}

/**
 * Characters that cannot be seen, or that change how others are: controls, formats, surrogates by themselves, blanks
 * other than the space. Line breaks and tabs stay.
 */
const unseen = /[^\P{C}\n\t]|[^\P{Z} ]/gu;

function escapeOf(character: string): string {
  const code = character.codePointAt(0)?.toString(16) ?? '';
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}
