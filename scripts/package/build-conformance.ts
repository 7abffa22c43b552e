import { globSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rolldown, type OutputChunk, type Plugin } from 'rolldown';
import { createConfigSchema } from '../../conformance/cli/config.ts';
import type { JsonObject } from '../../conformance/contract/json.ts';
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
  'generated/config.schema.json',
  'generated/report.schema.json',
  'spec/openapi.yaml',
  'LICENSE',
  'CHANGELOG.md',
];
const assets = 'conformance/**/*.{css,html,js,svg,json}';
const handWritten = join(repositoryFolder, 'scripts', 'package', 'conformance');

/** The types of a source of calls, by the modules that have them. */
const callTypes: Readonly<Record<string, readonly string[]>> = {
  'conformance/call/call-source.ts': ['PlacedCall', 'CallContext', 'CallSource'],
  'conformance/target/transport-settings.ts': ['TransportSettings', 'TlsSettings', 'ExtraHeader'],
};

const voipNowDeclaration = `import type { CallSource } from './index.js';

/** Places calls on VoipNow and ends them, through its UnifiedAPI. */
declare const voipNow: CallSource;
export default voipNow;
`;

/** The one dependency that is left to those who use the mock: it weighs more than all others. */
const prism = '@stoplight/prism-http';

const moduleUrl = /new URL\('(\.{1,2}\/[^']+\.ts)', import\.meta\.url\)/g;
const pathOfSource = /(?<=['"`](?:\.{1,2}|conformance|scripts)\/[^'"`\n]*)\.ts(?=['"`])/g;

interface Manifest {
  readonly version: string;
  readonly repository?: object;
  readonly homepage?: string;
  readonly bugs?: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const startMockDeclaration = `
/**
 * Starts a server that keeps to the contract, with the calls of its examples.
 *
 * @example
 * const mock = await startMock();
 * const client = createTransferClient({ baseUrl: mock.url, token: 'token' });
 * mock.answerNext({ example: 'tokenExpired' }, { status: 503, headers: { 'retry-after': '1' } });
 */
export declare function startMock(options?: MockOptions): Promise<Mock>;
`;

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
  const peerDependencies = { [prism]: `^${root.devDependencies[prism]}` };
  const described = { ...manifest, version, repository, homepage, bugs, dependencies, peerDependencies };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(described, undefined, 2));
  await cp(handWritten, folder, { recursive: true, filter: (path) => !path.endsWith('manifest.json') });
  await writeFile(join(folder, 'index.d.ts'), await declareIndex());
  await writeFile(join(folder, 'voipnow.d.ts'), voipNowDeclaration);
  const published = await readFile(join(repositoryFolder, 'conformance', 'mock', 'published.ts'), 'utf8');
  await writeFile(join(folder, 'mock.d.ts'), published.replace(/^.*\n/, '') + startMockDeclaration);
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

/** Returns the declarations of the package's root: the configuration from its schema, a source of calls as it is written. */
async function declareIndex(): Promise<string> {
  const interfaces = Object.entries(callTypes).map(async ([path, names]) => {
    const source = await readFile(join(repositoryFolder, path), 'utf8');
    return names.map((name) => {
      const pattern = new RegExp(`/\\*\\*(?:[^*]|\\*(?!/))*\\*/\\nexport interface ${name} \\{[^]*?\\n\\}\\n`);
      const [text] = pattern.exec(source) ?? [];
      if (text === undefined) throw new Error(`${path} has no interface ${name} with a docstring.`);
      return text;
    });
  });
  const config = `/** The content of a configuration file. Paths are relative to it, and secrets have no place in it. */
export interface ConformanceConfig ${declareType(createConfigSchema() as JsonObject)}

/** Returns the configuration as it is: it is there for its type, which editors and compilers check. */
export declare function defineConfig(config: ConformanceConfig): ConformanceConfig;
`;
  return [config, ...(await Promise.all(interfaces)).flat()].join('\n');
}

/** Returns the type of a JSON Schema as configuration files have them. */
function declareType({ type, enum: words, items, properties }: JsonObject): string {
  if (Array.isArray(words)) return words.map((word) => JSON.stringify(word)).join(' | ');
  if (type === 'array') return `ReadonlyArray<${declareType(items as JsonObject)}>`;
  if (type !== 'object') return type === 'integer' ? 'number' : String(type);
  const members = Object.entries(properties as Readonly<Record<string, JsonObject>>).map(([name, schema]) => {
    const standard = schema.default === undefined ? '' : ` (default: ${[schema.default].flat().join(' ')})`;
    const description = String(schema.description);
    const sentence = `${description.charAt(0).toUpperCase()}${description.slice(1)}${standard}.`;
    return `  /** ${sentence} */\n  readonly ${name}?: ${declareType(schema)};\n`;
  });
  return `{\n${members.join('')}}`;
}

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
