import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { htmlReport } from '../../conformance/report/html/page.ts';
import { jsonReport } from '../../conformance/report/json.ts';
import { junitReport } from '../../conformance/report/junit.ts';
import type { Report } from '../../conformance/report/report.ts';
import { sarifReport } from '../../conformance/report/sarif.ts';
import { summaryReport } from '../../conformance/report/summary.ts';

/** The files of a report folder, and what writes each. */
const files: Readonly<Record<string, (report: Report) => string>> = {
  'report.json': jsonReport,
  'junit.xml': junitReport,
  'report.html': htmlReport,
  'report.sarif': sarifReport,
  'summary.md': summaryReport,
};

/**
 * Writes the files of a report. Each is there as a whole or not at all, whenever the run is cut off.
 *
 * @returns A line for each file that could not be written.
 */
export function writeReportFiles(folder: string, report: Report): string[] {
  return Object.entries(files).flatMap(([name, textOf]) => {
    const path = join(folder, name);
    try {
      writeWhole(path, textOf(report));
      return [];
    } catch (error) {
      return [`The report ${path} could not be written: ${(error as Error).message}`];
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
