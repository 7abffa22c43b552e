import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { printParseErrorCode, visit, type JSONVisitor } from 'jsonc-parser';
import { reportVersion, type Report } from '../../report/report.ts';
import { InputError } from '../../contract/input-error.ts';

const schemaFile = new URL('../../report/report.schema.json', import.meta.url);

/**
 * Reads a report.json.
 *
 * @throws InputError with one line, if it cannot be read, is no JSON, of another version or no report.
 */
export function readReport(file: string): Report {
  const value = readJson(file);
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version !== reportVersion) {
    throw new InputError(`${file} is a report of version ${version}: expected ${reportVersion}; make it again.`);
  }
  const problem = problemOf(value);
  if (problem !== undefined) throw new InputError(`${file} is no report of a conformance run: ${problem}.`);
  return value as Report;
}

function readJson(file: string): unknown {
  const text = textOf(file);
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`${file}${placeOfError(text)}`);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`The report ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** Where a text stops to be JSON, and why: the parser that reads it at once does not always tell. */
function placeOfError(text: string): string {
  const places: string[] = [];
  const onError: JSONVisitor['onError'] = (code, _offset, _length, line, column) => {
    const why = printParseErrorCode(code).replaceAll(/(?<=.)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    places.push(`:${line + 1}:${column + 1}: this is no JSON: ${why}`);
  };
  visit(text, { onError }, { disallowComments: true });
  return places[0] ?? ': this is no JSON';
}

let compiled: ValidateFunction | undefined;

/** Compiled once: the reports of a list of targets are many. */
function compiledSchema(): ValidateFunction {
  if (compiled !== undefined) return compiled;
  const ajv = new Ajv2020();
  formats.default(ajv);
  compiled = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
  return compiled;
}

function problemOf(value: unknown): string | undefined {
  const validate = compiledSchema();
  if (validate(value)) return undefined;
  const [{ instancePath = '', message = '' } = {}] = validate.errors ?? [];
  return `${instancePath === '' ? 'it' : instancePath} ${message}`;
}
