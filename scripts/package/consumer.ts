import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { repositoryFolder } from './places.ts';
import { runCommandIn } from './run-command.ts';

/** The projects that are tried with the package; no part of this repository imports them. */
export const consumersFolder = join(repositoryFolder, 'scripts', 'package', 'consumers');

/** Makes a fresh project that has the package from its tarball, and nothing else. Nothing is asked of a registry. */
export async function freshProject(folder: string, tarball: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  await cp(consumersFolder, folder, { recursive: true });
  const quietly = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  await runCommandIn(folder, ['npm', 'install', ...quietly, tarball]);
  return folder;
}

/** How a consumer is compiled. */
export interface Compilation {
  readonly compiler: string;
  readonly moduleResolution: 'node16' | 'nodenext' | 'bundler';
  readonly files: readonly string[];
  readonly out: string;
}

/** Compiles files of a project as strictly as TypeScript can, the package's declarations included. */
export async function compile(folder: string, compilation: Compilation): Promise<void> {
  const { compiler, moduleResolution, files, out } = compilation;
  const configuration = join(folder, `tsconfig.${out}.json`);
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
    moduleResolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    rootDir: '.',
    outDir: out,
  };
  await writeFile(configuration, JSON.stringify({ compilerOptions, files }, undefined, 2));
  await runCommandIn(folder, ['node', compiler, '--project', configuration]);
}
