import { join } from 'node:path';

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
  const command = ['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder] as const;
  const [report] = Object.values(JSON.parse(await runCommandIn(repositoryFolder, command)) as PackReport[]);
  if (report === undefined) throw new Error('npm pack packed nothing.');
  const { filename, files, ...identity } = report;
  return { ...identity, file: join(folder, filename), paths: files.map(({ path }) => path) };
}
