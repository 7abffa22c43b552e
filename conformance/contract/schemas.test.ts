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

// What RFC 3339 section 5.6 and RFC 3986 section 4.1 say, as the optional format tests of the public JSON Schema test suite
// hold it against them; those of dates and links that servers are known to get wrong.
describe('a format', () => {
  const formats: JsonObject = {
    type: 'object',
    properties: { at: { format: 'date-time' }, to: { format: 'uri-reference' } },
  };
  const validate = schemaValidator(parseContract({ paths: {}, components: { schemas: { formats } } }));
  const isValid = (value: JsonValue) => validate('/components/schemas/formats', value).length === 0;
  const day = '2012-06-27';

  test.each(
    [`${day}T16:08:55Z`, `${day}t16:08:55.25z`, `${day}T16:08:55+03:00`, '1998-12-31T15:59:60.123-08:00'].concat(
      `${day}T00:59:59.999999999999999Z`,
    ),
  )('takes %s for a moment', (at) => expect(isValid({ at })).toBe(true));

  test.each(
    ['+0300', '+03', '', '+24:00', '+10:60', '+01:00Z']
      .map((zone) => `${day}T16:08:55${zone}`)
      .concat(
        [`${day} 16:08:55Z`, `${day}_16:08:55Z`, `${day}T24:00:00Z`, '2012-02-30T16:08:55Z', '1998-12-31T23:58:60Z'],
        ['2012-350T16:08:55Z', '2012-6-27T16:08:55Z', `${day}T1\u09ea:08:55Z`, `+1${day}T16:08:55Z`],
      ),
  )('does not take %s for a moment', (at) => expect(isValid({ at })).toBe(false));

  test.each(
    [
      'https://x.x.x.x//uapi/phoneCalls/12/0003*210/b817',
      '//pbx:80/uapi?a=b#c',
      '/uapi',
      'b817',
      '',
      '?a',
      '#a',
    ].concat(['./a:b', 'tel:+1-816', '//[V1.fe]/p', 'http://u:p@[2001:db8::7]:8/a@b', 'http://999.999.999.999/', '//']),
  )('takes %s for a reference', (to) => expect(isValid({ to })).toBe(true));

  test.each(
    [
      'https://pbx:80a/uapi',
      '//pbx:abc/p',
      '/12 /b817',
      '/%zz',
      '/a"b',
      '/[::1]',
      '\\\\pbx\\uapi',
      '/\u00ae',
      '1:b',
    ].concat(['#a\\b', '/p\n', '//a@b@pbx/', '//[::ffff:192.168.0.01]/p']),
  )('does not take %s for a reference', (to) => expect(isValid({ to })).toBe(false));
});

test('lists the first violation of a value that is very large', () => {
  const entry = Array<JsonValue>(100_000).fill({ id: null });
  expect(violations('Either', { entry })).toHaveLength(1);
  expect(violations('List', { entry: entry.slice(0, 100) })).toHaveLength(200);
});
