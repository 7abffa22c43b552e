import { describe, expect, test } from 'vitest';
import { parseContract, readContract } from './contract.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { schemaValidator } from './schemas.ts';

const schemas: JsonObject = {
  Call: {
    type: 'object',
    required: ['id', 'extension'],
    properties: {
      id: { type: 'string', minLength: 1 },
      extension: { type: 'string', pattern: '^[0-9*]+$' },
      status: { enum: [5, '5'] },
      action: { const: 'Transfer' },
      answered: { type: 'string', format: 'date-time' },
      parkedPos: { type: ['string', 'integer'] },
      link: { $ref: '#/components/schemas/Link' },
    },
  },
  Link: { type: 'object', properties: { 'self/href': { type: 'string' } }, required: ['self/href'] },
  List: {
    type: 'object',
    required: ['entry'],
    properties: { entry: { items: { $ref: '#/components/schemas/Call' } } },
  },
  Either: { anyOf: [{ $ref: '#/components/schemas/Call' }, { $ref: '#/components/schemas/List' }] },
  Pair: {
    type: 'object',
    properties: {
      call: { anyOf: [{ $ref: '#/components/schemas/Call' }, { $ref: '#/components/schemas/List' }] },
      caller: { type: 'string' },
    },
  },
};
const validate = schemaValidator(parseContract({ paths: {}, components: { schemas } }));
const validCall: JsonObject = { id: 'b817', extension: '0003*210', link: { 'self/href': '/b817' } };

function violations(schema: string, value: JsonValue): string[] {
  return validate(`/components/schemas/${schema}`, value).map(
    ({ at, expected, actual }) => `${at}: ${expected}, not ${JSON.stringify(actual)}`,
  );
}

test.each([
  ['Call', validCall],
  ['Call', { ...validCall, status: '5', action: 'Transfer', answered: '2012-06-27T16:08:55+03:00', parkedPos: 501 }],
  ['Call', { ...validCall, somethingElse: null }],
  ['Either', validCall],
  ['Either', { entry: [validCall] }],
])('finds nothing wrong with a valid %s', (schema, value) => {
  expect(violations(schema, value)).toEqual([]);
});

test.each([
  ['a missing member', { id: 'b817' }, '/extension: the member extension, not undefined'],
  ['a missing member within', { ...validCall, link: {} }, '/link/self~1href: the member self/href, not undefined'],
  ['null', null, ': a value of type object, not null'],
  ['an array', [], ': a value of type object, not []'],
  ['null in place of a text', { ...validCall, id: null }, '/id: a value of type string, not null'],
  ['none of several types', { ...validCall, parkedPos: 0.5 }, '/parkedPos: a value of type string or integer, not 0.5'],
  ['a text outside its pattern', { ...validCall, extension: 'x' }, '/extension: text that matches ^[0-9*]+$, not "x"'],
  ['a value outside its enum', { ...validCall, status: 6 }, '/status: one of 5, "5", not 6'],
  ['another value than the one', { ...validCall, action: 'Park' }, '/action: "Transfer", not "Park"'],
  [
    'a date without a time',
    { ...validCall, answered: '2012-06-27' },
    '/answered: text in the format date-time, not "2012-06-27"',
  ],
  ['an empty text', { ...validCall, id: '' }, '/id: must NOT have fewer than 1 characters, not ""'],
])('says what is wrong with %s', (_, value, expected) => {
  expect(violations('Call', value)).toEqual([expected]);
});

test('says everything that is wrong', () => {
  expect(violations('Call', { id: 1, extension: 'x' })).toHaveLength(2);
});

describe('of several schemas, says what is wrong with the closest:', () => {
  test.each([
    ['a call', { id: 'b817', extension: 'x' }, ['/extension: text that matches ^[0-9*]+$, not "x"']],
    ['a list', { entry: [{ id: 1, extension: '1' }] }, ['/entry/0/id: a value of type string, not 1']],
  ])('%s', (_, value, expected) => {
    expect(violations('Either', value)).toEqual(expected);
  });

  test('a list with a call that is not complete', () => {
    const wrong = violations('Either', { entry: [{ id: '1' }] });
    expect(wrong).toEqual(['/entry/0/extension: the member extension, not undefined']);
  });

  test('a member, and leaves other members as they are', () => {
    const wrong = violations('Pair', { call: { id: 'b817', extension: 'x' }, caller: 1 });
    expect(wrong.toSorted()).toEqual([
      '/call/extension: text that matches ^[0-9*]+$, not "x"',
      '/caller: a value of type string, not 1',
    ]);
  });
});

test('finds a schema of the contract, beyond names that a pointer escapes', () => {
  const pointer = '/components/requestBodies/Transfer/content/application~1json/schema';
  expect(schemaValidator(readContract())(pointer, {}).map(({ at }) => at)).toEqual([
    '/action',
    '/sendCallTo',
    '/transferFromNumber',
  ]);
});
