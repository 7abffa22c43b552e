import { readFileSync } from 'node:fs';
import { Validator, type Schema } from '@cfworker/json-schema';
import { validateXML } from 'xmllint-wasm';

const readHere = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

const junitSchema = readHere('junit.xsd');
const sarifValidator = new Validator(JSON.parse(readHere('sarif-2.1.0.schema.json')) as Schema, '4', false);

/** Returns what keeps a document from being well-formed XML, or JUnit. */
export async function findJunitProblems(document: string): Promise<string[]> {
  const { errors } = await validateXML({ xml: document, schema: junitSchema });
  const totals = [...document.matchAll(/<testsuite name="([^"]*)" tests="(\d+)"[^]*?<\/testsuite>/g)]
    .filter(([suite, , tests]) => [...suite.matchAll(/<testcase /g)].length !== Number(tests))
    .map(([, name, tests]) => `the suite ${name} has another number of cases than ${tests}`);
  return [...errors.map(({ message }) => message), ...totals];
}

/** Returns what keeps a value from being a SARIF log. */
export function findSarifProblems(log: unknown): string[] {
  return sarifValidator.validate(log).errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
}
