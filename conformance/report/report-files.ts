import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { printParseErrorCode, visit, type JSONVisitor } from 'jsonc-parser';
import { InputError, readInput } from '../contract/input-error.ts';
import { harReport } from './formats/har.ts';
import { htmlReport } from './formats/html/page.ts';
import { junitReport } from './formats/junit.ts';
import { markdownReport } from './formats/markdown.ts';
import { sarifReport } from './formats/sarif.ts';
import { findReportProblem, reportVersion, type Report } from './model.ts';

/** The files of a report folder with the functions that write them. A new format is a row here. */
export const formats: Readonly<Record<string, (report: Report) => string>> = {
  'report.json': (report) => `${JSON.stringify(report, undefined, 2)}\n`,
  'junit.xml': junitReport,
  'report.html': htmlReport,
  'report.sarif': sarifReport,
  'summary.md': markdownReport,
  'report.har': harReport,
};

/**
 * Makes a report folder before anything is sent, and deletes the reports of an earlier run.
 *
 * @throws InputError with one line, if it cannot be made or written to, or has a report that cannot be deleted.
 */
export function makeReportFolder(folder: string): void {
  makeWritableFolder(folder);
  deleteReports(folder);
}

/**
 * Makes a folder for reports, or for folders of reports.
 *
 * @throws InputError with one line, if it cannot be made or written to.
 */
export function makeWritableFolder(folder: string): void {
  let verb = 'made';
  try {
    makeFolders(resolve(folder));
    verb = 'written to';
    // Its mode does not tell: the system's own folders take no files from anybody.
    rmdirSync(mkdtempSync(join(folder, '.report-')));
  } catch (error) {
    throw new InputError(`The report folder ${folder} cannot be ${verb}: ${(error as Error).message}`);
  }
}

/** Makes a folder and those above it. Node.js tries for ever to do so itself below /proc. */
function makeFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (!existsSync(dirname(folder))) makeFolders(dirname(folder));
  mkdirSync(folder);
}

/**
 * Deletes the reports of an earlier run, and nothing else in their folder.
 *
 * @throws InputError with one line, if one cannot be deleted.
 */
export function deleteReports(folder: string): void {
  for (const name of Object.keys(formats)) {
    const path = join(folder, name);
    try {
      unlinkSync(path);
    } catch (error) {
      // Folders are left alone. Writing the report tells if one stands in its way.
      if (statSync(path, { throwIfNoEntry: false })?.isFile())
        throw new InputError(`The earlier report ${path} cannot be deleted: ${(error as Error).message}`);
    }
  }
}

/**
 * Writes the files of a report.
 *
 * @returns A line for each file that could not be written.
 */
export function writeReportFiles(folder: string, report: Report): string[] {
  const files = Object.entries(formats).map(([name, write]) => [name, () => write(report)] as const);
  return writeWholeFiles(folder, Object.fromEntries(files), 'report');
}

/**
 * Writes files into a folder. Each is written completely or not at all, even if the process is killed.
 *
 * @param files - Functions that make the texts, by the names of the files.
 * @param noun - The word for such a file in messages.
 * @returns A line for each file that could not be written.
 */
export function writeWholeFiles(folder: string, files: Readonly<Record<string, () => string>>, noun: string): string[] {
  return Object.entries(files).flatMap(([name, makeText]) => {
    const path = join(folder, name);
    try {
      writeWhole(path, makeText());
      return [];
    } catch (error) {
      return [`The ${noun} ${path} could not be written: ${(error as Error).message}`];
    }
  });
}

function writeWhole(path: string, text: string): void {
  // Where others can write too, they must not know the name, and a link of theirs is not followed.
  const unfinished = `${path}.${randomUUID()}.unfinished`;
  try {
    // The folder existed when the run began, and may have been deleted meanwhile.
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished, text, { flush: true, flag: 'wx' });
    renameSync(unfinished, path);
  } catch (error) {
    if (existsSync(unfinished)) rmSync(unfinished, { force: true });
    throw error;
  }
}

/**
 * Reads a report.json.
 *
 * @throws InputError with one line, if it cannot be read, is not JSON, has another version or is not a report.
 */
export function readReport(file: string): Report {
  const value = parseJson(readInput(file, `The report ${file}`), file);
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version !== reportVersion) {
    throw new InputError(`${file} is a report of version ${version}: expected ${reportVersion}; make it again.`);
  }
  const problem = findReportProblem(value);
  if (problem !== undefined) throw new InputError(`${file} is no report of a conformance run: ${problem}.`);
  return value as Report;
}

/**
 * Parses a text of JSON in which no name stands twice, since JSON.parse would drop one. Messages call it `file`.
 *
 * @throws InputError that names the line and the column of what is wrong.
 */
export function parseJson(text: string, file: string): unknown {
  const open: Set<string>[] = [];
  const fail = (line: number, column: number, problem: string): never => {
    throw new InputError(`${file}:${line + 1}:${column + 1}: ${problem}`);
  };
  const visitor: JSONVisitor = {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (name, _offset, _length, line, column) => {
      const names = open.at(-1);
      if (names?.has(name)) fail(line, column, `${name} is there twice.`);
      names?.add(name);
    },
    onError: (code, _offset, _length, line, column) => {
      const why = printParseErrorCode(code).replaceAll(/(?<=.)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      fail(line, column, `this is no JSON: ${why}`);
    },
  };
  try {
    visit(text, visitor, { disallowComments: true });
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const isDeep = error instanceof RangeError;
    throw new InputError(`${file}: ${isDeep ? 'its brackets are nested too deep' : (error as Error).message}.`);
  }
}
