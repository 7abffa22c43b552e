import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { jsonReport } from '../../conformance/report/json.ts';
import { junitReport } from '../../conformance/report/junit.ts';
import type { Report } from '../../conformance/report/report.ts';
import { InputError } from '../command-line.ts';

/** The files of a report folder, and what writes each. */
const files: Readonly<Record<string, (report: Report) => string>> = {
  'report.json': jsonReport,
  'junit.xml': junitReport,
};

/**
 * Makes a report folder, so that what is wrong with it is told before anything is sent.
 *
 * @throws InputError with one line, if it cannot be made.
 */
export function makeReportFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new InputError(`The report folder ${folder} cannot be made: ${(error as Error).message}`);
  }
}

/** Writes the files of a report. Each is there as a whole or not at all, whenever the run is cut off. */
export function writeReportFiles(folder: string, report: Report): void {
  for (const [name, textOf] of Object.entries(files)) {
    const path = join(folder, name);
    const unfinished = `${path}.${process.pid}.unfinished`;
    writeFileSync(unfinished, textOf(report));
    renameSync(unfinished, path);
  }
}
