import { htmlReport } from './formats/html/page.ts';
import { jsonReport } from './formats/json.ts';
import { junitReport } from './formats/junit.ts';
import type { Report } from './report.ts';
import { sarifReport } from './formats/sarif.ts';
import { summaryReport } from './formats/markdown.ts';
import type { ReportFile } from './report-folder.ts';
import { writeWholeFiles } from './whole-file.ts';

/** What writes each file of a report folder. */
const files: Readonly<Record<ReportFile, (report: Report) => string>> = {
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
  const texts = Object.entries(files).map(([name, textOf]) => [name, () => textOf(report)] as const);
  return writeWholeFiles(folder, Object.fromEntries(texts), 'report');
}
