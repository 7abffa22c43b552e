import { globSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rolldown, type OutputChunk, type Plugin } from 'rolldown';
import { repositoryFolder } from './install.ts';

/** The modules that the package's own files import, and those that vitest starts by their path. */
const entries = [
  'scripts/conformance.ts',
  'scripts/mock.ts',
  'conformance/contract/contract.ts',
  'conformance/mock/mock.ts',
  'conformance/suite.test.ts',
];

/** Files that are read by their path. */
const documents = [
  'generated/openapi.json',
  'generated/requirements.json',
  'spec/openapi.yaml',
  'LICENSE',
  'CHANGELOG.md',
];
const assets = 'conformance/**/*.{css,html,js,svg,json}';
const handWritten = join(repositoryFolder, 'scripts', 'package', 'conformance');
const moduleUrl = /new URL\('(\.{1,2}\/[^']+\.ts)', import\.meta\.url\)/g;
const pathOfSource = /(?<=['"`](?:\.{1,2}|conformance|scripts)\/[^'"`\n]*)\.ts(?=['"`])/g;

interface Manifest {
  readonly version: string;
  readonly repository?: object;
  readonly homepage?: string;
  readonly bugs?: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/**
 * Builds the package of the conformance runner and of the mock into a folder. Its files stand as in this repository,
 * since they find each other, and the contract, by their places.
 */
export async function buildConformance(folder: string): Promise<void> {
  const build = await rolldown({
    input: Object.fromEntries(entries.map((path) => [path.replace(/\.ts$/, ''), join(repositoryFolder, path)])),
    cwd: repositoryFolder,
    platform: 'node',
    external: (specifier) => !/^[./]/.test(specifier),
    treeshake: false,
    plugins: [startedModules],
  });
  const { output } = await build.write({
    dir: resolve(folder),
    format: 'es',
    preserveModules: true,
    preserveModulesRoot: repositoryFolder,
    entryFileNames: '[name].js',
  });
  await build.close();
  const root = await readManifest(join(repositoryFolder, 'package.json'));
  const manifest = await readManifest(join(handWritten, 'manifest.json'));
  const chunks = output.filter((file): file is OutputChunk => file.type === 'chunk');
  const dependencies = readDependencies(chunks, root);
  const { version, homepage, bugs } = root;
  const repository = { ...root.repository };
  const described = { ...manifest, version, repository, homepage, bugs, dependencies };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(described, undefined, 2));
  await cp(join(repositoryFolder, 'conformance', 'README.md'), join(folder, 'README.md'));
  for (const name of ['bin.js', 'mock.js', 'mock.d.ts']) await cp(join(handWritten, name), join(folder, name));
  for (const path of [...documents, ...globSync(assets, { cwd: repositoryFolder, exclude: ['**/testing/**'] })]) {
    await cp(join(repositoryFolder, path), join(folder, path));
  }
}

/** Builds the modules that are started by their URL, workers for example, and has their paths end in `.js`. */
const startedModules: Plugin = {
  name: 'started-modules',
  transform(code, id) {
    for (const [, path = ''] of code.matchAll(moduleUrl)) {
      this.emitFile({ type: 'chunk', id: resolve(id, '..', path), preserveSignature: 'strict' });
    }
  },
  renderChunk: (code) => code.replaceAll(pathOfSource, '.js'),
};

async function readManifest(file: string): Promise<Manifest> {
  return JSON.parse(await readFile(file, 'utf8')) as Manifest;
}

/** Returns the packages that the built modules import, with their versions in the manifest of this repository. */
function readDependencies(
  chunks: readonly OutputChunk[],
  { devDependencies }: Manifest,
): Readonly<Record<string, string>> {
  const built = new Set(chunks.map(({ fileName }) => fileName));
  const specifiers = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
  const packages = specifiers.filter((specifier) => !built.has(specifier) && !specifier.startsWith('node:'));
  const names = new Set(packages.map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier));
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const version = devDependencies[name];
      if (version === undefined) throw new Error(`${name} is imported, but is no dependency: add it to package.json.`);
      return [name, version];
    }),
  );
}
