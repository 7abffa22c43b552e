import { readFileSync } from 'node:fs';

/** Something that the user typed, or a file that they named, is not as it must be. Its message is one line. */
export class InputError extends Error {}

/**
 * Reads a file that the user named, without its byte order mark.
 *
 * @param subject - The file as the message calls it.
 * @throws InputError with one line, if it cannot be read.
 */
export function readInput(file: string, subject: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new InputError(`${subject} cannot be read: ${(error as Error).message}`);
  }
}

/** The largest distance of a word from a suggestion: three edits, and less than 60 % of the longer word. */
const farthest = { edits: 3, share: 0.6 };

/** Returns `: did you mean WORD?` for the nearest of some known words, or nothing if none is near. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const near = known
    .map((word) => ({ word, edits: countEdits(typed, word) }))
    .filter(
      ({ word, edits }) => edits <= farthest.edits && edits < farthest.share * Math.max(word.length, typed.length),
    )
    .toSorted((one, other) => one.edits - other.edits)[0];
  return near === undefined ? '' : `: did you mean ${near.word}?`;
}

/** Counts the letters to insert, delete or replace to turn one word into the other (Levenshtein's distance). */
function countEdits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...one].entries()) {
    const above = row;
    row = [index + 1];
    for (const [column, wanted] of [...other].entries()) {
      const replaced = (above[column] ?? 0) + (letter === wanted ? 0 : 1);
      row.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1));
    }
  }
  return row.at(-1) ?? 0;
}
