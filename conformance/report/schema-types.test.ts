import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { differencesOfTypes, exportedType, type Schema } from './schema-types.ts';

const schema = JSON.parse(readFileSync(new URL('report.schema.json', import.meta.url), 'utf8')) as Schema;
const report = exportedType(new URL('report.ts', import.meta.url), 'Report');

test('the schema has each member and each word of the types, and they have those of the schema', () => {
  expect(differencesOfTypes(schema, report)).toEqual([]);
});

describe('a difference is told, where', () => {
  const changed = (change: (definitions: Record<string, Record<string, unknown>>) => void) => {
    const copy = structuredClone(schema) as { $defs: Record<string, Record<string, unknown>> };
    change(copy.$defs);
    return differencesOfTypes(copy as Schema, report);
  };
  const properties = (definition: Record<string, unknown> | undefined) =>
    definition?.properties as Record<string, unknown>;

  test.each<[string, Parameters<typeof changed>[0], string]>([
    [
      'the schema lacks a member',
      ({ exchange }) => delete properties(exchange).readings,
      'Report.cases[].exchanges[].readings: is not in the schema',
    ],
    [
      'the types lack one',
      ({ settings }) => Object.assign(properties(settings), { seed: { type: 'integer' } }),
      'Report.settings.seed: is in the schema only',
    ],
    [
      'a word is missing',
      ({ caseVerdict }) => Object.assign(caseVerdict ?? {}, { enum: ['pass', 'fail'] }),
      'is error, fail, not applicable, pass, unreached, warn, and in the schema fail, pass',
    ],
    [
      'a member is of another type',
      ({ contract }) => Object.assign(properties(contract), { title: { type: 'integer' } }),
      'Report.contract.title: is a string, and in the schema integer',
    ],
    [
      'a member may be left out, but not in the schema',
      ({ finding }) =>
        Object.assign(finding ?? {}, { required: ['outcome', 'requirements', 'differences', 'faultCodes', 'known'] }),
      'Report.findings[].known: may be left out',
    ],
  ])('%s', (_, change, difference) => {
    expect(changed(change).join('\n')).toContain(difference);
  });
});
