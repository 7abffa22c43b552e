import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../contract/json.ts';
import type { Requirement } from '../contract/requirements.ts';
import type { Surface, SurfacePart } from '../contract/surface.ts';
import type { CaseResult, CaseViolation } from './model.ts';
import { measureCoverage } from './coverage.ts';
import { sampleCase } from './testing/samples.ts';

const number = '/components/schemas/Action/properties/number';
const json = (owner: string, part: SurfacePart) => {
  return { mediaType: 'application/json', pointer: `${owner}/content/application~1json`, parts: [part] };
};
const surface: Surface = {
  operations: [
    {
      id: 'move',
      method: 'PUT',
      path: '/calls/{call}',
      pointer: '/paths/~1calls~1{call}/put',
      parameters: [
        {
          name: 'call',
          kind: 'parameter',
          pointer: '/components/parameters/Call',
          at: 'call',
          constraints: { pattern: '^[a-z]+$' },
        },
      ],
      request: [
        json('/components/requestBodies/Action', {
          name: 'number',
          kind: 'property',
          pointer: number,
          at: '/number',
          constraints: { type: 'string', pattern: '^\\d+$', required: true },
        }),
      ],
      responses: [
        {
          status: '200',
          pointer: '/components/responses/Moved',
          codes: [],
          content: [
            json('/components/responses/Moved', {
              name: 'state',
              kind: 'property',
              pointer: '/components/schemas/Call/properties/state',
              at: '/legs/*/state',
              constraints: { enum: [1, 2], required: true },
            }),
          ],
        },
        { status: '400', pointer: '/components/responses/Refused', codes: ['no_call', 'no_number'], content: [] },
      ],
    },
  ],
};

const requirement = (id: string, at: string): Requirement => {
  return { id, level: 'MUST', profile: 'core', says: `${id}.`, source: 'page', at };
};
const requirements = [requirement('number', number), requirement('answer', '/components/responses/Moved')];

interface Trial {
  readonly request?: JsonObject;
  readonly path?: string;
  readonly status?: number;
  readonly mediaType?: string;
  readonly response?: JsonValue;
  readonly violations?: readonly CaseViolation[];
  readonly about?: string;
  readonly verdict?: CaseResult['verdict'];
}

function result(trial: Trial): CaseResult {
  const { request = { number: '1' }, path = '/api/calls/abc', status = 200, mediaType = 'application/json' } = trial;
  const { response = {}, violations = [], about = 'number', verdict = 'pass' } = trial;
  const text = JSON.stringify(response);
  const outcome = violations.length > 0 ? 'violated' : 'met';
  const body = JSON.stringify(request);
  return sampleCase(verdict, {
    requirement: about,
    checks: [{ check: 'is answered', requirement: about, outcome, violations }],
    exchanges: [
      {
        request: { method: 'PUT', path, headers: { 'content-type': 'application/json' }, body },
        response: { status, headers: { 'content-type': mediaType }, body: { length: text.length, text }, duration: 1 },
      },
    ],
  });
}

test('lists every part once, unreached where no case was run', () => {
  const items = measureCoverage(surface, requirements, []);
  expect(new Set(items.map(({ outcome }) => outcome))).toEqual(new Set(['unreached']));
  expect(items.map(({ kind, of, name }) => `${kind}: ${of}: ${name}`)).toEqual([
    'status: move: 200',
    'status: move: 400',
    'code: move 400: no_call',
    'code: move 400: no_number',
    'parameter: path: call',
    'constraint: path call: pattern ^[a-z]+$',
    'media type: move request: application/json',
    'property: Action: number',
    'constraint: Action number: type string',
    'constraint: Action number: pattern ^\\d+$',
    'constraint: Action number: required',
    'media type: move 200: application/json',
    'property: Call: state',
    'constraint: Call state: enum [1,2]',
    'constraint: Call state: required',
  ]);
});

const wrong = [{ at: 'status', expected: '400 no_call', actual: '200' }];
const several = [{ at: 'status', expected: '400 no_call, or 400 no_number', actual: '422' }];
const successes = [{ at: 'status', expected: '200, 202, 204', actual: '500' }];
const wrongCode = [{ at: '/error/code', expected: '"no_number"', actual: '"no_call"' }];
const accepted = [{ at: 'status', expected: '400', actual: '200' }];
const refused = { status: 400, response: { error: { code: 'no_call' } } };
const answer = (state: JsonValue): Trial => ({ response: { legs: [{ state: 1 }, { state }] }, about: 'answer' });
const wrongState = [{ at: '/legs/1/state', expected: 'one of 1, 2', actual: '7' }];
const leftOut = [{ at: '/legs/0/state', expected: 'the member state', actual: 'nothing' }];
const html = [{ at: 'header content-type', expected: 'application/json', actual: 'text/html' }];
const broken = { request: { number: 'x' } };

describe('by an exchange', () => {
  test.each<[trial: Trial, outcomes: Record<string, 'met' | 'violated' | 'unreached'>]>([
    [{ verdict: 'unreached' }, { 'status 200': 'unreached' }],
    [{}, { 'status 200': 'met', 'status 400': 'unreached' }],
    [{ violations: wrong }, { 'status 200': 'unreached', 'status 400': 'violated' }],
    [{ status: 500, violations: successes }, { 'status 200': 'violated' }],
    [refused, { 'code no_call': 'met' }],
    [{ ...refused, status: 200 }, { 'code no_call': 'unreached' }],
    [
      { ...refused, violations: wrongCode },
      { 'code no_call': 'unreached', 'code no_number': 'violated' },
    ],
    [{ status: 422, violations: several }, { 'code no_number': 'unreached' }],
    [broken, { 'constraint pattern ^\\d+$': 'met', 'constraint type string': 'unreached' }],
    [{ request: { number: 1 } }, { 'constraint type string': 'met' }],
    [{ request: {} }, { 'constraint number required': 'met' }],
    [
      { ...broken, violations: accepted },
      { 'constraint pattern ^\\d+$': 'violated', 'constraint type string': 'unreached' },
    ],
    [{ ...broken, violations: accepted, about: 'answer' }, { 'constraint pattern ^\\d+$': 'met' }],
    [{ path: '/calls/%61bc' }, { 'constraint pattern ^[a-z]+$': 'unreached' }],
    [{ path: '/calls/ab%0A' }, { 'constraint pattern ^[a-z]+$': 'met' }],
    [answer(2), { 'property state': 'met', 'constraint enum [1,2]': 'met' }],
    [{ response: { legs: [] } }, { 'property state': 'unreached' }],
    [
      { ...answer(7), violations: wrongState },
      { 'property state': 'violated', 'constraint enum [1,2]': 'violated', 'constraint state required': 'met' },
    ],
    [{ response: { legs: [{}] }, about: 'answer', violations: leftOut }, { 'constraint state required': 'violated' }],
    [
      { mediaType: 'text/html', violations: html },
      { 'media type request application/json': 'met', 'media type 200 application/json': 'violated' },
    ],
  ])('%j: %j', (trial, outcomes) => {
    const items = measureCoverage(surface, requirements, [result(trial)]);
    const found = Object.keys(outcomes).map((name) => {
      const [item] = items.filter(
        ({ kind, of, name: own }) => name.startsWith(kind) && `${of} ${own}`.endsWith(name.slice(kind.length + 1)),
      );
      return [name, item?.outcome];
    });
    expect(Object.fromEntries(found)).toEqual(outcomes);
  });
});
