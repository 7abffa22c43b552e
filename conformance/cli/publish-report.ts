import { styleText } from 'node:util';
import { addToJobSummary, annotateReport } from '../report/formats/github.ts';
import { terminalReport } from '../report/formats/terminal.ts';
import type { Screen, Style } from '../report/formats/lines.ts';
import { outdatedFailures } from '../report/known.ts';
import type { Report } from '../report/model.ts';
import { writeReportFiles } from '../report/report-files.ts';
import { exitCodeAfter } from '../report/verdict.ts';
import { printError, type Io } from './command-line.ts';
import type { Options } from './options.ts';

/**
 * Prints a report, writes its files, and tells GitHub Actions of it.
 *
 * @param options - The folder of the files, if any are written, and how the report is printed.
 * @param complaints - Lines for standard error that make exit code 0 a 2.
 * @returns The exit code.
 */
export function publishReport(
  report: Report,
  {
    report: folder,
    quiet = false,
    verbose = false,
    annotate,
  }: Pick<Options, 'report' | 'quiet' | 'verbose' | 'annotate'>,
  { stdout, stderr, env }: Io,
  complaints: readonly string[] = [],
): number {
  printError(stderr, ...outdatedFailures(report.known).map(({ advice }) => advice));
  for (const line of annotateReport(report, annotate, env)) stdout.write(`${line}\n`);
  stdout.write(`${terminalReport(report, { screen: describeScreen(stdout), quiet, verbose })}\n`);
  const problems = [...complaints, ...(folder === undefined ? [] : writeReportFiles(folder, report))];
  printError(stderr, ...problems, ...addToJobSummary(report, env));
  return exitCodeAfter(report.exitCode, problems);
}

const formats: Readonly<Record<Style, Parameters<typeof styleText>[0]>> = {
  violated: ['bold', 'red'],
  warned: ['bold', 'yellow'],
  wanted: 'green',
  strong: 'bold',
  faint: 'gray',
  hint: 'cyan',
};

/** Describes a stream as a screen. Terminals are coloured, unless NO_COLOR says otherwise; FORCE_COLOR colours all. */
export function describeScreen(stream: NodeJS.WriteStream): Screen {
  return {
    width: stream.isTTY ? stream.columns : undefined,
    paint: (style, text) => styleText(formats[style], text, { stream }),
  };
}
