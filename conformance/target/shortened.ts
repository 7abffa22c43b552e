/** The longest text that is kept of what a server sent for a report, in characters. */
export const longestText = 4096;

/** The longest text of a server within a sentence, in characters. */
export const longestPhrase = 200;

/**
 * A text that is cut if it is longer than somebody reads, with its length.
 *
 * @param length - How long it was before anything was taken out of it.
 */
export function shortened(text: string, longest = longestText, length = text.length): string {
  return text.length > longest ? `${copied(text.slice(0, longest))}… (${length} characters)` : text;
}

/** A part of a text in memory of its own: it would keep the whole text alive. */
function copied(part: string): string {
  return Buffer.from(part, 'utf16le').toString('utf16le');
}
