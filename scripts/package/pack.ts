import { join } from 'node:path';

import { buildConformance } from './build-conformance.ts';
import { buildPackage } from './build.ts';
import { repositoryFolder } from './places.ts';
import { runCommandIn } from './run-command.ts';

/** What `npm publish` would upload. */
export interface Tarball {
  readonly file: string;
  readonly name: string;
  readonly version: string;
  /** In bytes. */
  readonly size: number;
  readonly paths: readonly string[];
}

interface PackReport {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Builds the package and packs it into a folder. */
export async function packPackage(folder: string): Promise<Tarball> {
  await buildPackage();
  return pack(repositoryFolder, folder);
}

/** Builds the package of the conformance runner and packs it into a folder. */
export async function packConformance(folder: string): Promise<Tarball> {
  const built = join(folder, 'transfer-conformance');
  await buildConformance(built);
  return pack(built, folder);
}

async function pack(root: string, folder: string): Promise<Tarball> {
  const command = ['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder] as const;
  const [report] = Object.values(JSON.parse(await runCommandIn(root, command)) as PackReport[]);
  if (report === undefined) throw new Error(`npm pack packed nothing of ${root}.`);
  const { filename, files, ...identity } = report;
  return { ...identity, file: join(folder, filename), paths: files.map(({ path }) => path) };
}
