import { join } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';

import { repositoryFolder } from './places.ts';

const entryName = 'entry';

/** A bundled module and its source map. */
export interface Bundled {
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
export async function bundle(source: string, { modules, minify = false }: BundleOptions = {}): Promise<Bundled> {
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
