import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../contract/json.ts';
import type { Requirement } from '../contract/requirements.ts';
import type { Surface } from '../contract/surface.ts';
import type { CaseResult, CaseViolation } from './model.ts';
import { measureCoverage } from './coverage.ts';
import { sampleCase } from './testing/samples.ts';

const number = '/components/schemas/Action/properties/number';
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
        {
          mediaType: 'application/json',
          pointer: '/components/requestBodies/Action/content/application~1json',
          parts: [
            {
              name: 'number',
              kind: 'property',
              pointer: number,
              at: '/number',
              constraints: { type: 'string', pattern: '^\\d+$', required: true },
            },
          ],
        },
      ],
      responses: [
        {
          status: '200',
          pointer: '/components/responses/Moved',
          codes: [],
          content: [
            {
              mediaType: 'application/json',
              pointer: '/components/responses/Moved/content/application~1json',
              parts: [
                {
                  name: 'state',
                  kind: 'property',
                  pointer: '/components/schemas/Call/properties/state',
                  at: '/legs/*/state',
                  constraints: { enum: [1, 2], required: true },
                },
              ],
            },
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

/** The outcome of a part of the contract, after some cases. */
function findOutcome(kind: string, name: string, ...trials: Trial[]): string | undefined {
  const items = measureCoverage(surface, requirements, trials.map(result));
  return items.find((item) => item.kind === kind && `${item.of} ${item.name}`.endsWith(name))?.outcome;
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

test('a case that proves nothing reaches nothing', () => {
  expect(findOutcome('status', '200', { verdict: 'unreached' })).toBe('unreached');
});

describe('a status', () => {
  const wrong = [{ at: 'status', expected: '400 no_call', actual: '200' }];

  test('is met where it came and was right', () => {
    expect(findOutcome('status', '200', {})).toBe('met');
    expect(findOutcome('status', '400', {})).toBe('unreached');
  });

  test('is violated where another came in its place, which is not reached by that', () => {
    expect(findOutcome('status', '400', { violations: wrong })).toBe('violated');
    expect(findOutcome('status', '200', { violations: wrong })).toBe('unreached');
  });

  test('stands for those that a server may choose in its place', () => {
    const violations = [{ at: 'status', expected: '200, 202, 204', actual: '500' }];
    expect(findOutcome('status', '200', { status: 500, violations })).toBe('violated');
  });
});

describe('a code', () => {
  const refused = { status: 400, response: { error: { code: 'no_call' } } };

  test('is met where it came with its status', () => {
    expect(findOutcome('code', 'no_call', refused)).toBe('met');
    expect(findOutcome('code', 'no_call', { ...refused, status: 200 })).toBe('unreached');
  });

  test('is violated where another came in its place', () => {
    const violations = [{ at: '/error/code', expected: '"no_number"', actual: '"no_call"' }];
    expect(findOutcome('code', 'no_number', { ...refused, violations })).toBe('violated');
    expect(findOutcome('code', 'no_call', { ...refused, violations })).toBe('unreached');
  });

  test('is not blamed where a server may choose from several', () => {
    const violations = [{ at: 'status', expected: '400 no_call, or 400 no_number', actual: '422' }];
    expect(findOutcome('code', 'no_number', { status: 422, violations })).toBe('unreached');
  });
});

describe('a constraint of a request', () => {
  test.each([
    ['pattern ^\\d+$', { number: 'x' }],
    ['type string', { number: 1 }],
    ['number required', {}],
  ])('%s is reached by a request that breaks it, and by no other', (name, request) => {
    expect(findOutcome('constraint', name, { request })).toBe('met');
    expect(findOutcome('constraint', name, {})).toBe('unreached');
  });

  test('is violated where a requirement about its place is, and not by anything else', () => {
    const violations = [{ at: 'status', expected: '400', actual: '200' }];
    const request = { number: 'x' };
    expect(findOutcome('constraint', 'pattern ^\\d+$', { request, violations })).toBe('violated');
    expect(findOutcome('constraint', 'type string', { request, violations })).toBe('unreached');
    expect(findOutcome('constraint', 'pattern ^\\d+$', { request, violations, about: 'answer' })).toBe('met');
  });

  test('is looked for in the decoded path', () => {
    expect(findOutcome('constraint', 'pattern ^[a-z]+$', { path: '/calls/%61bc' })).toBe('unreached');
    expect(findOutcome('constraint', 'pattern ^[a-z]+$', { path: '/calls/ab%0A' })).toBe('met');
  });
});

describe('a part of an answer', () => {
  const answer = (state: JsonValue) => ({ response: { legs: [{ state: 1 }, { state }] } });
  const about = 'answer';

  test('is met where a value is', () => {
    expect(findOutcome('property', 'state', answer(2))).toBe('met');
    expect(findOutcome('constraint', 'enum [1,2]', answer(2))).toBe('met');
    expect(findOutcome('property', 'state', { response: { legs: [] } })).toBe('unreached');
  });

  test('is violated where its value is, by the constraint that it breaks', () => {
    const violations = [{ at: '/legs/1/state', expected: 'one of 1, 2', actual: '7' }];
    expect(findOutcome('property', 'state', { ...answer(7), about, violations })).toBe('violated');
    expect(findOutcome('constraint', 'enum [1,2]', { ...answer(7), about, violations })).toBe('violated');
    expect(findOutcome('constraint', 'state required', { ...answer(7), about, violations })).toBe('met');
  });

  test('is violated where it is left out', () => {
    const violations = [{ at: '/legs/0/state', expected: 'the member state', actual: 'nothing' }];
    expect(findOutcome('constraint', 'state required', { response: { legs: [{}] }, about, violations })).toBe(
      'violated',
    );
  });
});

test('a media type is violated where another came in its place', () => {
  const violations = [{ at: 'header content-type', expected: 'application/json', actual: 'text/html' }];
  const items = measureCoverage(surface, requirements, [result({ mediaType: 'text/html', violations })]);
  expect(items.filter(({ kind }) => kind === 'media type').map(({ of, outcome }) => [of, outcome])).toEqual([
    ['move request', 'met'],
    ['move 200', 'violated'],
  ]);
});
