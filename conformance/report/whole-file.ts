import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

/**
 * Writes files into a folder. Each is there as a whole or not at all, whenever the process is cut off.
 *
 * @param files - Their names, and what makes the text of each.
 * @param kind - What a line calls such a file.
 * @returns A line for each file that could not be written.
 */
export function writeWholeFiles(folder: string, files: Readonly<Record<string, () => string>>, kind: string): string[] {
  return Object.entries(files).flatMap(([name, textOf]) => {
    const path = join(folder, name);
    try {
      writeWhole(path, textOf());
      return [];
    } catch (error) {
      return [`The ${kind} ${path} could not be written: ${(error as Error).message}`];
    }
  });
}

function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.unfinished`;
  try {
    // It was there when the run began, and may have been deleted meanwhile.
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished, text, { flush: true });
    renameSync(unfinished, path);
  } catch (error) {
    try {
      rmSync(unfinished, { force: true });
    } catch {
      // What kept it from being written keeps it from being deleted too.
    }
    throw error;
  }
}
