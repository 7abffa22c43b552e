import { expect, test } from 'vitest';

import { findReleaseProblems, type ReleaseFacts } from './release.ts';

const ready: ReleaseFacts = {
  version: '1.2.0',
  contractVersion: '1.2.0',
  lockedVersion: '1.2.0',
  changelog: '## [Unreleased]\n\n## [1.2.0] - 2026-01-31\n\n## [1.1.0] - 2025-12-01\n',
  uncommitted: '',
};

test('nothing keeps a version from being published where everything agrees', () => {
  expect(findReleaseProblems(ready)).toEqual([]);
});

test.each<[Partial<ReleaseFacts>, RegExp]>([
  [{ contractVersion: '1.1.0' }, /^spec\/openapi\.yaml: its version is 1\.1\.0, that of package\.json 1\.2\.0/],
  [{ lockedVersion: '1.1.0' }, /^package-lock\.json: its version is 1\.1\.0/],
  [{ changelog: '## [Unreleased]\n\n## [1.1.0] - 2025-12-01\n' }, /^CHANGELOG\.md: has no section ## \[1\.2\.0\]/],
  [{ changelog: '## [1.2.0] - unreleased\n' }, /^CHANGELOG\.md: "## \[1\.2\.0\] - unreleased" must end in the day/],
  [{ uncommitted: ' M package.json' }, /^git: commit or remove/],
])('%j is told', (facts, problem) => {
  expect(findReleaseProblems({ ...ready, ...facts })).toEqual([expect.stringMatching(problem)]);
});
