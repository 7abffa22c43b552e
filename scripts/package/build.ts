import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import ts from 'typescript';
import { readContract } from '../../conformance/contract/contract.ts';
import { repositoryFolder } from './install.ts';
import { compileValidators } from './validators.ts';

const typesEntry = 'generated/types.d.ts';

/** Builds what the package ships besides the contract itself into a folder, whose former content is removed. */
export async function buildPackage(folder: string = join(repositoryFolder, 'dist')): Promise<void> {
  const [client, validators] = await Promise.all([
    bundle("export * from './generated/client/index.ts';"),
    bundle(validatorsEntry, { modules: { compiled: compileValidators(readContract()) }, minify: true }),
  ]);
  const declarations = readDeclarations(['generated/client/index.d.ts', typesEntry]);
  const files = new Map([
    ['index.js', `${client.code}//# sourceMappingURL=index.js.map\n`],
    ['index.js.map', client.map],
    ['validators.js', validators.code],
    ['validators.d.ts', validatorsDeclaration],
    ...[...declarations].map(([path, text]) => [`types/${path}`, text] as const),
    // CommonJS, since that is what modules of both kinds can import types from in every TypeScript.
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

/** The module `transfer-contract/validators`, with the compiled schemas as the module `compiled`. */
const validatorsEntry = `
import { createValidation } from './generated/client/validation.ts';
import { compiled } from 'compiled';
export const { requestProblems, answerProblems } = /* @__PURE__ */ createValidation(compiled);
`;

/** The declarations of `transfer-contract/validators`. */
const validatorsDeclaration = `import type { Validation } from './types/generated/client/index.js';

/**
 * Tells what is wrong with the path and the body of a request; nothing if it keeps to the contract.
 *
 * @example
 * const problems = requestProblems('transferPhoneCall', { path: request.params, body: request.body });
 */
export declare const requestProblems: Validation['requestProblems'];

/**
 * Tells what is wrong with the body of an answer that has a documented status; nothing if it keeps to the contract.
 *
 * @example
 * const problems = answerProblems('getPhoneCall', 200, await response.json());
 */
export declare const answerProblems: Validation['answerProblems'];
`;

const entryName = 'entry';

/** A bundled module and its source map. */
interface Bundled {
  readonly code: string;
  readonly map: string;
}

/**
 * The generated client brings along how to read streams of events. No operation of the contract has one, and it would
 * be a seventh of what a consumer ships.
 */
const withoutEventStreams: Plugin = {
  name: 'without-event-streams',
  load: (id) =>
    id.endsWith('/serverSentEvents.gen.ts') ? 'export const createSseClient = () => undefined;' : undefined,
};

interface BundleOptions {
  /** Further modules that exist in memory only, by the name that imports them. */
  readonly modules?: Readonly<Record<string, string>>;
  readonly minify?: boolean;
}

/** Bundles a module, given as its source with imports as if it stood at the root of the repository, into one ES module. */
async function bundle(source: string, { modules, minify = false }: BundleOptions = {}): Promise<Bundled> {
  const build = await rolldown({
    input: entryName,
    cwd: repositoryFolder,
    platform: 'browser',
    treeshake: { moduleSideEffects: false },
    transform: { target: 'es2022' },
    plugins: [inMemory({ [entryName]: source, ...modules }), withoutEventStreams],
  });
  try {
    const { output } = await build.generate({
      format: 'es',
      sourcemap: 'hidden',
      sourcemapIgnoreList: isGeneratedClient,
      minify,
      comments: { legal: false },
    });
    const [{ code, map }] = output;
    return { code, map: withoutGeneratedClient(String(map)) };
  } finally {
    await build.close();
  }
}

function isGeneratedClient(path: string): boolean {
  return path.includes('generated/client/');
}

/** The generated client can be read in the bundle as it is, and its source is most of what a map would weigh. */
function withoutGeneratedClient(text: string): string {
  const map = JSON.parse(text) as { sources: string[]; sourcesContent: (string | null)[] };
  const sourcesContent = map.sourcesContent.map((content, index) =>
    isGeneratedClient(map.sources[index] ?? '') ? null : content,
  );
  return JSON.stringify({ ...map, sourcesContent });
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
const relativeImport = /(?<=from ["'])(\.[^"']+)\.ts(?=["'])/g;

/**
 * Compiles the client for browsers and Node.js alike, and returns the declarations that can be reached from some of its
 * files, by path from the root of the repository.
 *
 * @throws Error with what the compiler says, if the client does not compile.
 */
function readDeclarations(entries: readonly string[]): ReadonlyMap<string, string> {
  const emitted = emit();
  const reached = new Map<string, string>();
  const visit = (path: string): void => {
    const text = emitted.get(path);
    if (reached.has(path)) return;
    if (text === undefined)
      throw new Error(`${path} has no declarations: name it in scripts/generate/client/tsconfig.json.`);
    reached.set(path, text.replaceAll(relativeImport, '$1.js'));
    for (const [, target] of text.matchAll(relativeImport)) visit(join(dirname(path), `${target}.d.ts`));
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
  if (complaints.length > 0) throw new Error(ts.formatDiagnostics(complaints, host));
  return emitted;
}

const host: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => repositoryFolder,
  getNewLine: () => '\n',
};
