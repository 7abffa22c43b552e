import { describe, expect, test } from 'vitest';
import { isAllowed, licenceProblems, licenceRows } from './licences/licences.ts';
import { lockedPackages, lockProblems, readLock, type Lock } from './licences/lock.ts';

const integrity = `sha512-${'A'.repeat(86)}==`;

function lockOf(entries: Lock['packages']): Lock {
  return { packages: { '': { version: '1.0.0' }, ...entries } };
}

const problemsOf = (entries: Lock['packages']) => licenceProblems(lockedPackages(lockOf(entries), () => undefined));

describe('this repository', () => {
  const packages = lockedPackages(readLock());

  test('uses packages that may be used', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(licenceProblems(packages)).toEqual([]);
  });

  test('ships none of them', () => {
    expect(packages.filter(({ ships }) => ships)).toEqual([]);
  });

  test('locks each to what was reviewed, wherever it comes from', () => {
    expect(lockProblems(readLock())).toEqual([]);
  });
});

describe('a package must not be used', () => {
  test.each([
    ['whose licence is copyleft', { license: 'GPL-3.0-only', dev: true }, /licensed as GPL-3\.0-only, which is not on/],
    ['whose licence is unknown', { dev: true }, /does not say its licence/],
    ['whose licence is no SPDX', { license: 'SEE LICENSE IN FILE', dev: true }, /is not on the list/],
    ['that ships, though it is for tools', { license: 'MPL-2.0' }, /and ships: that is for tools only/],
  ])('%s', (_, entry, problem) => {
    expect(problemsOf({ 'node_modules/a': { version: '1.2.3', ...entry } })).toEqual([
      expect.stringMatching(/^a 1\.2\.3 /),
    ]);
    expect(problemsOf({ 'node_modules/a': { version: '1.2.3', ...entry } })[0]).toMatch(problem);
  });
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-2.0-only)', true],
  ['MIT AND ISC', true],
  ['MIT AND GPL-2.0-only', false],
  ['GPL-2.0-only', false],
  ['', false],
])('the licence %j is allowed: %j', (expression, isIt) => {
  expect(isAllowed(expression, new Set(['MIT', 'ISC']))).toBe(isIt);
});

test('licences are listed, the most frequent first, each package once', () => {
  const entry = { version: '1.0.0', dev: true };
  const packages = lockedPackages(
    lockOf({
      'node_modules/b': { ...entry, license: 'MIT' },
      'node_modules/@a/a': { ...entry, license: 'MIT' },
      'node_modules/c/node_modules/b': { ...entry, license: 'MIT' },
      'node_modules/d': { ...entry, license: 'ISC' },
      'scripts/own': { ...entry, license: 'MIT' },
    }),
  );
  expect(licenceRows(packages)).toEqual([
    { licence: 'MIT', packages: ['@a/a', 'b'] },
    { licence: 'ISC', packages: ['d'] },
  ]);
});

test.each([
  ['without integrity', {}, 'node_modules/a has no integrity by sha512'],
  ['with a weak one', { integrity: 'sha1-abc=' }, 'node_modules/a has no integrity by sha512'],
  [
    'of a registry',
    { integrity, resolved: 'https://registry.example/a.tgz' },
    'node_modules/a is resolved to https://registry.example: see .npmrc',
  ],
])('a lock %s is incomplete', (_, entry, problem) => {
  expect(lockProblems(lockOf({ 'node_modules/a': { version: '1.0.0', ...entry } }))).toEqual([problem]);
});
