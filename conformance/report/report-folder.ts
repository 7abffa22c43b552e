import { accessSync, constants, mkdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../contract/input-error.ts';

/** The files of a report folder. */
const reportFiles = ['report.json', 'junit.xml', 'report.html', 'report.sarif', 'summary.md'] as const;

/** The name of a file of a report folder. */
export type ReportFile = (typeof reportFiles)[number];

/**
 * Makes a report folder, so that what is wrong with it is told before anything is sent, and deletes the reports of an
 * earlier run, which nobody is to take for those of this one.
 *
 * @throws InputError with one line, if it cannot be made or written to, or has a report that cannot be deleted.
 */
export function makeReportFolder(folder: string): void {
  makeWritableFolder(folder);
  deleteReports(folder);
}

/**
 * Makes a folder that reports, or folders of reports, are written into.
 *
 * @throws InputError with one line, if it cannot be made or written to.
 */
export function makeWritableFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`The report folder ${folder} cannot be made: ${(error as Error).message}`);
  }
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new InputError(`The report folder ${folder} cannot be written to: ${(error as Error).message}`);
  }
}

/**
 * Deletes the reports of an earlier run, and nothing else that is in their folder.
 *
 * @throws InputError with one line, if one cannot be deleted.
 */
export function deleteReports(folder: string): void {
  for (const name of reportFiles) {
    const path = join(folder, name);
    try {
      unlinkSync(path);
    } catch (error) {
      // A folder is no report; that it stands in the way of one is told when that is written.
      if (isFile(path))
        throw new InputError(`The earlier report ${path} cannot be deleted: ${(error as Error).message}`);
    }
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
