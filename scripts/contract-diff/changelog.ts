import type { Change } from './change.ts';

/** The changes that the changelog's section of what is not released yet does not tell, by the names of their subjects. */
export function untoldChanges(changes: readonly Change[], changelog: string): readonly Change[] {
  const unreleased = /^## \[Unreleased\]\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(changelog)?.[1] ?? '';
  return changes.filter(({ subject, verdict }) => verdict !== 'description' && !names(unreleased, subject));
}

function names(text: string, subject: string): boolean {
  return text.includes(`\`${subject}\``);
}
