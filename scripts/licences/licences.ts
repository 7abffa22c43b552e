import type { LockedPackage } from './lock.ts';

/** Licences that demand no more than to be named. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
]);

/** Licences that hold for changes of a package's own files: it may be used as a tool, but nobody is given it. */
const weakCopyleft = new Set(['MPL-2.0']);

/** A licence, and the packages that have it. */
export interface LicenceRow {
  readonly licence: string;
  readonly packages: readonly string[];
}

/** The licences of packages, the most frequent first. */
export function licenceRows(packages: readonly LockedPackage[]): LicenceRow[] {
  return [...Map.groupBy(packages, ({ licence = 'unknown' }) => licence)]
    .map(([licence, those]) => ({ licence, packages: [...new Set(those.map(({ name }) => name))].sort() }))
    .toSorted((one, other) => other.packages.length - one.packages.length || (one.licence < other.licence ? -1 : 1));
}

/** A sentence for each package that must not be used as it is. */
export function licenceProblems(packages: readonly LockedPackage[]): string[] {
  return packages.flatMap(({ name, version, licence, ships }) => {
    const subject = `${name} ${version}`;
    if (licence === undefined) return [`${subject} does not say its licence: look for it, and use another package`];
    if (isAllowed(licence, permissive)) return [];
    if (!isAllowed(licence, permissive.union(weakCopyleft))) {
      return [`${subject} is licensed as ${licence}, which is not on the list: use another package`];
    }
    return ships ? [`${subject} is licensed as ${licence}, and ships: that is for tools only`] : [];
  });
}

/** Whether a licence expression can be met by allowed licences (SPDX 2.3, annex D). */
export function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const inner = /^\(([^()]*)\)$/.exec(expression.trim())?.[1] ?? expression.trim();
  return inner
    .split(/\s+OR\s+/)
    .some((choice) => choice.split(/\s+AND\s+/).every((licence) => allowed.has(licence.trim())));
}
