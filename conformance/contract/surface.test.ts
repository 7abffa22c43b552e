import { describe, expect, test } from 'vitest';
import { parseContract } from './contract.ts';
import { listSurface } from './surface.ts';

const contract = parseContract({
  paths: {
    '/calls/{call}': {
      get: {
        operationId: 'readCall',
        parameters: [{ name: 'call', in: 'path', required: true, schema: { type: 'string', pattern: '^[a-z]+$' } }],
        responses: {
          '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Call' } } } },
          '400': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } } },
        },
      },
      put: { operationId: 'moveCalls', 'x-profile': 'bulk', responses: {} },
    },
  },
  components: {
    schemas: {
      Call: {
        type: 'object',
        required: ['id'],
        properties: {
          id: { type: 'string', description: 'An id.', 'x-error-code': 'no_id' },
          legs: { type: 'array', items: { anyOf: [{ $ref: '#/components/schemas/Leg' }] } },
        },
      },
      Leg: { properties: { state: { enum: [1, 2] }, next: { $ref: '#/components/schemas/Leg' } } },
      Refusal: { properties: { error: { properties: { code: { enum: ['no_call', 'no_id'] } } } } },
    },
  },
});

const [operation, ...others] = listSurface(contract, ['core']).operations;

test('holds the operations of the profiles', () => {
  expect(operation).toMatchObject({ id: 'readCall', method: 'GET', path: '/calls/{call}' });
  expect(others).toEqual([]);
  expect(listSurface(contract, ['bulk']).operations.map(({ id }) => id)).toEqual(['moveCalls']);
});

test('holds path parameters with what they demand beside being text', () => {
  expect(operation?.parameters).toMatchObject([{ name: 'call' }]);
  expect(operation?.parameters[0]?.constraints).toEqual({ pattern: '^[a-z]+$' });
});

test('holds statuses with their codes', () => {
  expect(operation?.responses.map(({ status, codes }) => [status, codes])).toEqual([
    ['200', []],
    ['400', ['no_call', 'no_id']],
  ]);
});

describe('a body', () => {
  const body = operation?.responses[0]?.content[0];

  test('is found where it is declared', () => {
    expect(body).toMatchObject({
      mediaType: 'application/json',
      pointer: '/paths/~1calls~1{call}/get/responses/200/content/application~1json',
    });
  });

  test('holds its parts as deep as references, entries and alternatives lead, and no schema within itself', () => {
    expect(body?.parts.filter(({ kind }) => kind === 'property')).toEqual([
      {
        name: 'id',
        kind: 'property',
        at: '/id',
        pointer: '/components/schemas/Call/properties/id',
        constraints: { type: 'string', required: true },
      },
      {
        name: 'legs',
        kind: 'property',
        at: '/legs',
        pointer: '/components/schemas/Call/properties/legs',
        constraints: { type: 'array' },
      },
      {
        name: 'state',
        kind: 'property',
        at: '/legs/*/state',
        pointer: '/components/schemas/Leg/properties/state',
        constraints: { enum: [1, 2] },
      },
    ]);
  });
});
