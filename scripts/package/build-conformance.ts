import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

import { readImports } from './read-imports.ts';
import { repositoryFolder } from './places.ts';

/** What is started by its path. Everything that these import comes along. */
const entries = [
  'scripts/conformance.ts',
  'conformance/cli/configuration-worker.ts',
  'conformance/cli/mock-worker.ts',
  'conformance/cli/suite-worker.ts',
  'scripts/mock.ts',
  'conformance/suite.test.ts',
];

/** What is read by its path. */
const documents = [
  'generated/openapi.json',
  'generated/requirements.json',
  'spec/openapi.yaml',
  'LICENSE',
  'CHANGELOG.md',
];
const assets = 'conformance/**/*.{css,html,js,svg,json}';
const handWritten = join(repositoryFolder, 'scripts', 'package', 'conformance');
const pathOfSource = /(?<=['"`])((?:\.{1,2}|conformance|scripts)\/[^'"`\n]*)\.ts(?=['"`])/g;

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/**
 * Builds the package of the conformance runner and of the mock into a folder. Its files stand as in this repository,
 * since they find each other, and the contract, by their places.
 */
export async function buildConformance(folder: string): Promise<void> {
  const sources = reachedFrom(entries);
  const root = JSON.parse(await readFile(join(repositoryFolder, 'package.json'), 'utf8')) as Manifest;
  const manifest = JSON.parse(await readFile(join(handWritten, 'manifest.json'), 'utf8')) as Manifest;
  const { version } = root;
  const dependencies = dependenciesOf(sources, root);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, version, dependencies }, undefined, 2));
  await cp(join(repositoryFolder, 'conformance', 'README.md'), join(folder, 'README.md'));
  for (const name of ['bin.js', 'mock.js', 'mock.d.ts']) await cp(join(handWritten, name), join(folder, name));
  const proofs = (path: string): boolean => path.includes('PROOF');
  for (const path of [...documents, ...globSync(assets, { cwd: repositoryFolder, exclude: proofs })]) {
    await cp(join(repositoryFolder, path), join(folder, path));
  }
  for (const path of sources.keys()) await writeJavaScript(path, folder);
}

/** Files with the packages that they import. */
function reachedFrom(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const reached = new Map<string, readonly string[]>();
  const visit = (file: string): void => {
    if (reached.has(file) || !file.endsWith('.ts')) return;
    const specifiers = readImports(join(repositoryFolder, file)).flatMap((it) => (it.typesOnly ? [] : [it.specifier]));
    reached.set(
      file,
      specifiers.filter((specifier) => !specifier.startsWith('.')),
    );
    for (const specifier of specifiers) {
      if (specifier.startsWith('.')) visit(posix.join(posix.dirname(file), specifier));
    }
  };
  files.forEach(visit);
  return reached;
}

function dependenciesOf(
  sources: ReadonlyMap<string, readonly string[]>,
  { devDependencies }: Manifest,
): Readonly<Record<string, string>> {
  const specifiers = [...sources.values()].flat().filter((specifier) => !specifier.startsWith('node:'));
  const names = new Set(specifiers.map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier));
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const version = devDependencies[name];
      if (version === undefined) throw new Error(`${name} is imported, but is no dependency: add it to package.json.`);
      return [name, version];
    }),
  );
}

async function writeJavaScript(path: string, folder: string): Promise<void> {
  const source = await readFile(join(repositoryFolder, path), 'utf8');
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  const file = join(folder, path.replace(/\.ts$/, '.js'));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, outputText.replaceAll(pathOfSource, '$1.js'));
}
