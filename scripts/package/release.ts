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
