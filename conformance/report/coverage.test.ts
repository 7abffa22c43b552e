import { describe, expect, test } from 'vitest';
import { parseContract } from '../contract/contract.ts';
import type { JsonValue } from '../contract/json.ts';
import { measureCoverage } from './coverage.ts';
import type { CaseViolation } from './model.ts';
import { sampleCase, sampleExchange, sampleRequirement } from './testing/samples.ts';
import { judge } from './verdict.ts';

const json = (name: string) => ({
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});
const code = { type: 'string', enum: ['no_call', 'no_number'] };
const contract = parseContract({
  paths: {
    '/calls/{call}': {
      put: {
        operationId: 'move',
        parameters: [{ name: 'call', in: 'path', required: true, schema: { type: 'string', pattern: '^[a-z]+$' } }],
        requestBody: json('Action'),
        responses: { '200': json('Call'), '400': json('Refusal') },
      },
      delete: { operationId: 'endAll', 'x-profile': 'bulk', responses: { '204': {} } },
    },
  },
  components: {
    schemas: {
      Action: { required: ['number'], properties: { number: { type: 'string', pattern: '^\\d+$' } } },
      Call: { properties: { legs: { type: 'array', items: { anyOf: [{ $ref: '#/components/schemas/Leg' }] } } } },
      Leg: { required: ['state'], properties: { state: { enum: [1, 2] }, next: { $ref: '#/components/schemas/Leg' } } },
      Refusal: { properties: { error: { properties: { code } } } },
    },
  },
});
const number = '/components/schemas/Action/properties/number';
const requirements = [{ ...sampleRequirement, at: number, keywords: ['pattern'] }];

interface Trial {
  readonly status?: number;
  readonly mediaType?: string;
  readonly body?: JsonValue;
  readonly violations?: readonly CaseViolation[];
  readonly verdict?: 'pass' | 'fail' | 'unreached';
}

function measure({ status = 200, mediaType = 'application/json', body = {}, violations = [], verdict }: Trial) {
  const request = { ...sampleExchange.request, path: '/api/calls/abc' };
  const text = JSON.stringify(body);
  const received = { status, headers: { 'content-type': mediaType }, body: { length: text.length, text }, duration: 1 };
  const outcome = violations.length > 0 ? 'violated' : 'met';
  const checks = [{ check: 'is answered', requirement: sampleRequirement.id, outcome, violations } as const];
  const exchanges = [{ request, response: received }];
  const cases = [sampleCase(verdict ?? (violations.length > 0 ? 'fail' : 'pass'), { checks, exchanges })];
  return measureCoverage(
    contract,
    ['core'],
    judge(requirements, cases, { profiles: ['core'], strict: false, partial: false }),
  );
}

test('lists every part of the profile once, unreached where no case came to its end', () => {
  const items = measure({ verdict: 'unreached' });
  expect(new Set(items.map(({ outcome }) => outcome))).toEqual(new Set(['unreached']));
  expect(items.map(({ kind, of, name }) => `${kind}: ${of}: ${name}`)).toEqual([
    'status: move: 200',
    'media type: move 200: application/json',
    'property: Call: legs',
    'constraint: Call legs: type array',
    'property: Leg: state',
    'constraint: Leg state: enum [1,2]',
    'constraint: Leg state: required',
    'status: move: 400',
    'code: move 400: no_call',
    'code: move 400: no_number',
    'media type: move 400: application/json',
    'property: Refusal: error',
    'property: Refusal: code',
    'constraint: Refusal code: type string',
    'constraint: Refusal code: enum ["no_call","no_number"]',
    'parameter: path: call',
    'constraint: path call: pattern ^[a-z]+$',
    'media type: move request: application/json',
    'property: Action: number',
    'constraint: Action number: type string',
    'constraint: Action number: pattern ^\\d+$',
    'constraint: Action number: required',
  ]);
});

const differ = (at: string, expected: string, actual = '…') => [{ at, expected, actual }];
const refused = { status: 400, body: { error: { code: 'no_call' } } };
const legs = (...states: JsonValue[]): Trial => ({ body: { legs: states.map((state) => ({ state })) } });

describe('by an exchange', () => {
  test.each<[trial: Trial, outcomes: Record<string, 'met' | 'violated' | 'unreached'>]>([
    [{}, { 'status 200': 'met', 'status 400': 'unreached', 'property number': 'met' }],
    [{}, { 'constraint number pattern ^\\d+$': 'met', 'constraint number type string': 'unreached' }],
    [{ violations: differ('status', '400 no_call') }, { 'status 200': 'unreached', 'status 400': 'violated' }],
    [{ violations: differ('status', '400 no_call') }, { 'constraint number pattern ^\\d+$': 'violated' }],
    [{ status: 500, violations: differ('status', '200, 202, 204') }, { 'status 200': 'violated' }],
    [refused, { 'code no_call': 'met', 'code no_number': 'unreached' }],
    [{ ...refused, status: 200 }, { 'code no_call': 'unreached' }],
    [
      { ...refused, violations: differ('/error/code', '"no_number"') },
      { 'code no_call': 'unreached', 'code no_number': 'violated' },
    ],
    [{ status: 422, violations: differ('status', '400 no_call, or 400 no_number') }, { 'code no_number': 'unreached' }],
    [legs(1, 2), { 'property state': 'met', 'constraint enum [1,2]': 'met' }],
    [legs(), { 'property legs': 'met', 'property state': 'unreached' }],
    [
      { ...legs(1, 7), violations: differ('/legs/1/state', 'one of 1, 2') },
      { 'property state': 'violated', 'constraint enum [1,2]': 'violated' },
    ],
    [
      { body: { legs: [{}] }, violations: differ('/legs/0/state', 'the member state') },
      { 'constraint state required': 'violated', 'constraint enum [1,2]': 'unreached' },
    ],
    [
      { mediaType: 'text/html', violations: differ('header content-type', 'application/json') },
      { 'media type 200 application/json': 'violated' },
    ],
  ])('%j: %j', (trial, outcomes) => {
    const items = measure(trial);
    const found = Object.keys(outcomes).map((name) => {
      const [item] = items.filter(
        ({ kind, of, name: own }) => name.startsWith(kind) && `${of} ${own}`.endsWith(name.slice(kind.length + 1)),
      );
      return [name, item?.outcome];
    });
    expect(Object.fromEntries(found)).toEqual(outcomes);
  });
});
