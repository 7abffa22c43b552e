import type { Case } from './case.ts';

/** A pattern of ids: a whole id, the beginning of ids up to a slash, or either with `*` for anything. */
export function patternOf(text: string): RegExp {
  const literal = text.split('*').map((part) => part.replaceAll(/[^\w]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}(?:/.*)?$`);
}

/** The ids by which a case may be asked for: its own, and those of the requirements that it proves. */
export function namesOf({ id, requirement, checks }: Pick<Case, 'id' | 'requirement' | 'checks'>): string[] {
  return [id, requirement, ...checks.map((check) => check.requirement)];
}
