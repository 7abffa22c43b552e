import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import ts from 'typescript';
import { readContract } from '../../conformance/contract/contract.ts';
import { repositoryFolder } from './install.ts';
import { compileValidators } from './validators.ts';

const typesEntry = 'generated/types.d.cts';
const clientEntry = 'generated/client/index.d.cts';

/** Builds what the package ships besides the contract itself into a folder, whose former content is removed. */
export async function buildPackage(folder: string = join(repositoryFolder, 'dist')): Promise<void> {
  const client = "export * from './generated/client/index.ts';";
  const compiled = compileValidators(readContract());
  const bundles = await Promise.all([
    bundle('index', client),
    bundle('validators', validatorsEntry, { compiled, minify: true }),
  ]);
  const declarations = readDeclarations([clientEntry, typesEntry]);
  // Declarations are CommonJS, which modules of both kinds can import in every TypeScript, so that both have one set.
  const files = new Map([
    ...bundles.flat(),
    ...[...declarations].map(([path, text]) => [`types/${path}`, text] as const),
    ...['d.ts', 'd.cts'].flatMap((extension): [string, string][] => [
      [`index.${extension}`, "export * from './types/generated/client/index.cjs';\n"],
      [`validators.${extension}`, validatorsDeclaration],
    ]),
    ['types.d.cts', declarations.get(typesEntry) ?? ''],
    [`types/${typesEntry}`, "export type * from '../../types.cjs';\n"],
    // Types are all that there is, but an import that is not written as one of types must find a module.
    ['types.cjs', ''],
  ]);
  await rm(folder, { recursive: true, force: true });
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

type Target = string | { readonly types: string } | { readonly require: { readonly types: string } };

interface Manifest {
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, Target>>;
  readonly [field: string]: unknown;
}

/** The fields of the manifest that are for the repository alone. */
const ownFields = ['imports', 'devEngines', 'scripts', 'devDependencies', 'allowScripts', 'files'];

/** Copies the built package, as it is published, into a folder: with a page and a manifest for those who install it. */
export async function stagePackage(folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(repositoryFolder, 'package.json'), 'utf8')) as Manifest;
  await rm(folder, { recursive: true, force: true });
  for (const path of [...manifest.files, 'LICENSE']) {
    await cp(join(repositoryFolder, path), join(folder, path), { recursive: true });
  }
  await cp(join(repositoryFolder, 'scripts', 'package', 'contract.md'), join(folder, 'README.md'));
  const published = Object.entries(manifest).filter(([field]) => !ownFields.includes(field));
  // The old resolution of TypeScript does not read `exports`.
  const entries = Object.entries(manifest.exports).map(([entry, target]) => [entry.slice(2), [typesOf(target)]]);
  const described = { ...Object.fromEntries(published), typesVersions: { '*': Object.fromEntries(entries.slice(1)) } };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(described, undefined, 2)}\n`);
}

function typesOf(target: Target): string {
  if (typeof target === 'string') return target;
  return 'require' in target ? target.require.types : target.types;
}

/** The module `transfer-contract/validators`, with the compiled schemas as the module `compiled`. */
const validatorsEntry = `
import { createValidation } from './generated/client/validation.ts';
import { compiled } from 'compiled';
export const { requestProblems, answerProblems } = /* @__PURE__ */ createValidation(compiled);
`;

const validatorsDeclaration = `import type { Validation } from './types/generated/client/index.cjs';

/**
 * Returns what is wrong with the path and the body of a request; nothing if it keeps to the contract.
 *
 * @example
 * const problems = requestProblems('transferPhoneCall', { path: request.params, body: request.body });
 */
export declare const requestProblems: Validation['requestProblems'];

/**
 * Returns what is wrong with the body of an answer that has a documented status; nothing if it keeps to the contract.
 *
 * @example
 * const problems = answerProblems('getPhoneCall', 200, await response.json());
 */
export declare const answerProblems: Validation['answerProblems'];
`;

/**
 * Bundles a module, given as its source with imports as if it stood at the root of the repository, into one file for
 * ES modules and one for CommonJS.
 */
async function bundle(
  name: string,
  source: string,
  { compiled = '', minify = false } = {},
): Promise<readonly (readonly [string, string])[]> {
  const build = await rolldown({
    input: { [name]: name },
    cwd: repositoryFolder,
    platform: 'browser',
    treeshake: { moduleSideEffects: false },
    transform: { target: 'es2022' },
    plugins: [inMemory({ [name]: source, compiled })],
  });
  try {
    const options = { minify, comments: { legal: false } };
    const esModule = await build.generate({ ...options, format: 'es' });
    const commonJs = await build.generate({ ...options, format: 'cjs' });
    return [
      [`${name}.js`, esModule.output[0].code],
      [`${name}.cjs`, commonJs.output[0].code],
    ];
  } finally {
    await build.close();
  }
}

/** Serves modules from memory. Whatever they import is looked for from the root of the repository. */
function inMemory(modules: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'in-memory',
    resolveId(specifier, importer) {
      if (Object.hasOwn(modules, specifier)) return specifier;
      if (importer === undefined || !Object.hasOwn(modules, importer)) return undefined;
      return this.resolve(specifier, join(repositoryFolder, 'package.json'));
    },
    load: (id) => (Object.hasOwn(modules, id) ? { code: modules[id] ?? '', moduleType: 'js' } : undefined),
  };
}

const configuration = join(repositoryFolder, 'scripts', 'generate', 'client', 'tsconfig.json');
const relativeImport = /(?<=(?:from |import\()["'])(\.[^"']+)\.ts(?=["'])/g;

/**
 * Compiles the client for browsers and Node.js alike, and returns the declarations that can be reached from some of its
 * files, as CommonJS, by path from the root of the repository.
 *
 * @throws Error with what the compiler says, if the client does not compile.
 */
function readDeclarations(entries: readonly string[]): ReadonlyMap<string, string> {
  const emitted = emit();
  const reached = new Map<string, string>();
  const visit = (path: string): void => {
    const text = emitted.get(path.replace(/\.d\.cts$/, '.d.ts'));
    if (reached.has(path)) return;
    if (text === undefined)
      throw new Error(`${path} has no declarations: name it in scripts/generate/client/tsconfig.json.`);
    reached.set(path, text.replaceAll(relativeImport, '$1.cjs'));
    for (const [, target] of text.matchAll(relativeImport)) visit(join(dirname(path), `${target}.d.cts`));
  };
  entries.forEach(visit);
  return reached;
}

function emit(): ReadonlyMap<string, string> {
  const { config } = ts.readConfigFile(configuration, ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configuration));
  const program = ts.createProgram(fileNames, options);
  const emitted = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => {
    emitted.set(relative(String(options.outDir), path).replaceAll(sep, '/'), text);
  });
  const complaints = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  const host = { getCanonicalFileName: String, getCurrentDirectory: () => repositoryFolder, getNewLine: () => '\n' };
  if (complaints.length > 0) throw new Error(ts.formatDiagnostics(complaints, host));
  return emitted;
}
