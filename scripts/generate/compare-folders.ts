import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** One file in which two folders differ; its path is relative to both and has forward slashes. */
export interface Difference {
  readonly path: string;
  readonly kind: 'changed' | 'missing' | 'extra';
}

/**
 * Compares the files of a folder, byte by byte, with those that should be in it.
 * A missing file is expected but not there; an extra one is there but not expected.
 */
export async function compareFolders(actualFolder: string, expectedFolder: string): Promise<readonly Difference[]> {
  const [actual, expected] = await Promise.all([listFiles(actualFolder), listFiles(expectedFolder)]);
  const paths = [...new Set([...actual, ...expected])].sort();
  const differences = await Promise.all(
    paths.map(async (path): Promise<Difference | undefined> => {
      if (!actual.has(path)) return { path, kind: 'missing' };
      if (!expected.has(path)) return { path, kind: 'extra' };
      const [found, wanted] = await Promise.all([
        readFile(join(actualFolder, path)),
        readFile(join(expectedFolder, path)),
      ]);
      return found.equals(wanted) ? undefined : { path, kind: 'changed' };
    }),
  );
  return differences.filter((difference) => difference !== undefined);
}

async function listFiles(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      if (error.code === 'ENOTDIR') throw new Error(`${folder}: expected a folder, but this is a file.`);
      throw error;
    },
  );
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return new Set(files.map((file) => file.slice(join(folder, sep).length).replaceAll(sep, '/')));
}
