import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';

import { repositoryFolder } from './places.ts';

const configuration = join(repositoryFolder, 'scripts', 'generate', 'client', 'tsconfig.json');
const relativeImport = /(?<=from ["'])(\.[^"']+)\.ts(?=["'])/g;

/**
 * Compiles the client for browsers and Node.js alike, and returns the declarations that can be reached from some of its
 * files, by path from the root of the repository.
 *
 * @throws Error with what the compiler says, if the client does not compile.
 */
export function declarationsOf(entries: readonly string[]): ReadonlyMap<string, string> {
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
