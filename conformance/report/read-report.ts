import { readFileSync } from 'node:fs';
import { printParseErrorCode, visit, type JSONVisitor } from 'jsonc-parser';
import { InputError } from '../contract/input-error.ts';
import { findReportProblem, reportVersion, type Report } from './model.ts';

/**
 * Reads a report.json.
 *
 * @throws InputError with one line, if it cannot be read, is not JSON, has another version or is not a report.
 */
export function readReport(file: string): Report {
  const value = readJson(file);
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version !== reportVersion) {
    throw new InputError(`${file} is a report of version ${version}: expected ${reportVersion}; make it again.`);
  }
  const problem = findReportProblem(value);
  if (problem !== undefined) throw new InputError(`${file} is no report of a conformance run: ${problem}.`);
  return value as Report;
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`The report ${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`${file}${findSyntaxError(text)}`);
  }
}

/** Returns where a text stops being JSON, and why: JSON.parse does not always say. */
function findSyntaxError(text: string): string {
  const places: string[] = [];
  const onError: JSONVisitor['onError'] = (code, _offset, _length, line, column) => {
    const why = printParseErrorCode(code).replaceAll(/(?<=.)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    places.push(`:${line + 1}:${column + 1}: this is no JSON: ${why}`);
  };
  visit(text, { onError }, { disallowComments: true });
  return places[0] ?? ': this is no JSON';
}
