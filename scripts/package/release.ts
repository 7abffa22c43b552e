import { inc, lt, major } from 'semver';
import type { Change } from '../contract-diff/compare.ts';

/** The facts that have to agree before a version is published. */
export interface ReleaseFacts {
  /** The version of package.json, which is the one that is published. */
  readonly version: string;
  readonly contractVersion: string;
  readonly lockedVersion: string;
  readonly changelog: string;
  /** The files that are not committed, as git lists them. */
  readonly uncommitted: string;
}

/** Lists, in a line each, what keeps a version from being published. */
export function findReleaseProblems(facts: ReleaseFacts): readonly string[] {
  const { version, contractVersion, lockedVersion, changelog, uncommitted } = facts;
  const problems: string[] = [];
  if (contractVersion !== version) {
    problems.push(
      `spec/openapi.yaml: its version is ${contractVersion}, that of package.json ${version}: make them one`,
    );
  }
  if (lockedVersion !== version) {
    problems.push(`package-lock.json: its version is ${lockedVersion}, not ${version}: run npm install`);
  }
  const heading = changelog.split('\n').find((line) => line.startsWith(`## [${version}]`));
  if (heading === undefined)
    problems.push(`CHANGELOG.md: has no section ## [${version}]: move what is unreleased there`);
  else if (!/ - \d{4}-\d{2}-\d{2}$/.test(heading)) {
    problems.push(`CHANGELOG.md: "${heading}" must end in the day of the release, as in "- 2026-01-31"`);
  }
  if (uncommitted !== '') problems.push(`git: commit or remove what differs from the last commit:\n${uncommitted}`);
  return problems;
}

/** Returns the version that follows another one after some changes, by the rules of semantic versioning. */
export function nextVersion(version: string, changes: readonly Change[]): string {
  if (changes.length === 0) return version;
  const breaks = changes.some(({ verdict }) => verdict.startsWith('breaks') || verdict === 'unknown');
  // Before 1.0.0 a new minor version may break everything, and nothing else may.
  if (major(version) === 0) return inc(version, breaks ? 'minor' : 'patch') ?? version;
  const grows = changes.some(({ verdict }) => verdict === 'compatible');
  return inc(version, breaks ? 'major' : grows ? 'minor' : 'patch') ?? version;
}

/**
 * Lists, in a line each, what changes of the contract still need: names in the changelog below Unreleased, and a version.
 *
 * @param facts - The version of the contract, the least that it must have, and the changelog.
 */
export function findChangeProblems(
  changes: readonly Change[],
  { version, next, changelog }: { readonly version: string; readonly next: string; readonly changelog: string },
): readonly string[] {
  const unreleased = /^## \[Unreleased\]\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(changelog)?.[1] ?? '';
  const subjects = changes.filter(({ verdict }) => verdict !== 'description').map(({ subject }) => subject);
  const untold = [...new Set(subjects)].filter((subject) => !unreleased.includes(`\`${subject}\``));
  return [
    ...untold.map((subject) => `CHANGELOG.md: tell below [Unreleased] what has changed in \`${subject}\``),
    ...(lt(version, next) ? [`spec/openapi.yaml: its version is ${version}, and must be ${next} or higher`] : []),
  ];
}
