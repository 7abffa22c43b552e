import { inc, major } from 'semver';
import type { Change } from './compare.ts';

/** Returns the version that follows another one after some changes, by the rules of semantic versioning. */
export function nextVersion(version: string, changes: readonly Change[]): string {
  const verdicts = new Set(changes.map(({ verdict }) => verdict));
  if (verdicts.size === 0) return version;
  const breaks = [...verdicts].some((verdict) => verdict.startsWith('breaks') || verdict === 'unknown');
  // Before 1.0.0 a new minor version may break everything, and nothing else may.
  const early = major(version) === 0;
  const compatible = verdicts.has('compatible') && !early ? 'minor' : 'patch';
  return inc(version, breaks ? (early ? 'minor' : 'major') : compatible) ?? version;
}

/** Lists the subjects of changes that the changelog does not name below Unreleased. */
export function untoldSubjects(changes: readonly Change[], changelog: string): string[] {
  const unreleased = /^## \[Unreleased\]\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(changelog)?.[1] ?? '';
  const subjects = changes.filter(({ verdict }) => verdict !== 'description').map(({ subject }) => subject);
  return [...new Set(subjects)].filter((subject) => !unreleased.includes(`\`${subject}\``));
}
