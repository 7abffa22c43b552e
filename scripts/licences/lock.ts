import { existsSync, readFileSync } from 'node:fs';

/** A package of the lock file. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder, from the root of the repository. */
  readonly path: string;
  /** What it may be used by, as SPDX has it; undefined if it does not say. */
  readonly licence: string | undefined;
  readonly integrity: string | undefined;
  readonly resolved: string | undefined;
  /** Whether it comes to those who install this package. */
  readonly ships: boolean;
}

/** A package as npm's lock file describes it. */
interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** A lock file of npm. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

/** How old packages say it. */
interface Manifest {
  readonly license?: string;
  readonly licenses?: readonly { readonly type?: string }[];
}

/** Reads the lock file of this repository. */
export function readLock(): Lock {
  return JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as Lock;
}

/** The packages of a lock file that are not of this repository, in their order. */
export function lockedPackages({ packages }: Lock, licenceOf: (path: string) => string | undefined = installedLicence) {
  return Object.entries(packages)
    .filter(([path, { link = false }]) => path.includes('node_modules/') && !link)
    .map(([path, { version = '', license, integrity, resolved, dev = false }]): LockedPackage => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return { name, version, path, licence: license ?? licenceOf(path), integrity, resolved, ships: !dev };
    });
}

/** What the manifest of an installed package says, where the lock file does not. */
function installedLicence(path: string): string | undefined {
  const file = new URL(`../../${path}/package.json`, import.meta.url);
  if (!existsSync(file)) return undefined;
  const { license, licenses = [] } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const types = licenses.flatMap(({ type }) => type ?? []);
  return license ?? (types.length === 0 ? undefined : types.join(' OR '));
}

/** A sentence for each package whose bytes nothing holds to what was reviewed, or whose lock names a registry. */
export function lockProblems(lock: Lock): string[] {
  return lockedPackages(lock).flatMap(({ path, integrity, resolved }) => [
    ...(/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '') ? [] : [`${path} has no integrity by sha512`]),
    ...(resolved === undefined ? [] : [`${path} is resolved to ${new URL(resolved).origin}: see .npmrc`]),
  ]);
}
