import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { repositoryFolder } from './places.ts';
import { runCommandIn } from './run-command.ts';
import type { Workplace } from './step.ts';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Copies an example to a folder of its own and installs what its manifest says, with the packed packages. */
export async function installExample(name: string, { folder, tarball, conformance }: Workplace): Promise<string> {
  const example = join(folder, name);
  await cp(join(repositoryFolder, 'scripts', 'examples', name), example, { recursive: true });
  const manifestFile = join(example, 'package.json');
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as Manifest;
  const packed = (versions: Manifest['dependencies'] = {}): Manifest['dependencies'] =>
    Object.fromEntries(
      Object.entries(versions).map(([dependency, version]) => {
        const file = [tarball, conformance].find((candidate) => candidate.name === dependency)?.file;
        return [dependency, file === undefined ? version : `file:${file}`];
      }),
    );
  const dependencies = packed(manifest.dependencies);
  const devDependencies = packed(manifest.devDependencies);
  await writeFile(manifestFile, JSON.stringify({ ...manifest, dependencies, devDependencies }, undefined, 2));
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  await runCommandIn(example, ['npm', 'install', ...quietly]);
  return example;
}
