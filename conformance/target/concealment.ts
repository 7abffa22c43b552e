import { DisguiseSearch } from './disguise-search.ts';
import { disguisesOf, type Disguise } from './disguises.ts';
import { EscapedText } from './escaped-text.ts';
import { MadeOfTexts } from './made-of-texts.ts';

/** What stands for a secret, and for the beginning of one. */
export interface Placeholders {
  readonly whole: string;
  readonly beginning: string;
}

/** Tokens are few, but a server may set another cookie with each answer. */
const disguises = new MadeOfTexts<readonly Disguise[]>({ most: 64 });

/**
 * A text without a secret: as it is or in other letters, percent-encoded, escaped as in JSON, JavaScript or HTML, wrapped,
 * in base64 beside anything else, in hexadecimal digits. At least its first half must be there, if it is long.
 */
export function concealed(text: string, secret: string, placeholders: Placeholders): string {
  if (secret === '') return text;
  return disguises
    .of(secret, disguisesOf)
    .reduce((rest, disguise) => without(rest, disguise, placeholders), new EscapedText(text)).text;
}

function without(escaped: EscapedText, disguise: Disguise, placeholders: Placeholders): EscapedText {
  const { text } = escaped;
  const parts: string[] = [];
  let rest = 0;
  for (const { start, end, isWhole } of new DisguiseSearch(escaped, disguise).finds()) {
    parts.push(text.slice(rest, start), isWhole ? placeholders.whole : placeholders.beginning);
    rest = end;
  }
  return parts.length === 0 ? escaped : new EscapedText(`${parts.join('')}${text.slice(rest)}`);
}
