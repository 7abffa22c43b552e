import type { Case } from './case.ts';

/** What ids are held against. */
export interface IdPattern {
  test(id: string): boolean;
}

/**
 * A pattern of ids: a whole id, the beginning of ids up to a slash, or either with `*` for anything.
 * No regular expression is made of it: one with many stars would try all the ways to share an id among them.
 */
export function patternOf(text: string): IdPattern {
  const pieces = text.split(/\*+/);
  const belowIt = [...pieces.slice(0, -1), `${pieces.at(-1)}/`, ''];
  return { test: (id) => consistsOf(id, pieces) || consistsOf(id, belowIt) };
}

/** Whether a text begins with the first piece, ends with the last, and has the others in between, in their order. */
function consistsOf(text: string, [first = '', ...others]: readonly string[]): boolean {
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let end = first.length;
  for (const piece of others) {
    const start = text.indexOf(piece, end);
    if (start === -1) return false;
    end = start + piece.length;
  }
  return text.length - last.length >= end && text.endsWith(last);
}

/** The ids by which a case may be asked for: its own, and those of the requirements that it proves. */
export function namesOf({ id, requirement, checks }: Pick<Case, 'id' | 'requirement' | 'checks'>): string[] {
  return [id, requirement, ...checks.map((check) => check.requirement)];
}
