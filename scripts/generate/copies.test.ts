import { describe, expect, test } from 'vitest';
import { readContract } from '../../conformance/contract/contract.ts';
import { valueAt, type JsonObject, type JsonValue } from '../../conformance/contract/json.ts';
import { asOpenApi30, withoutExtensions } from './copies.ts';

const { document } = readContract();
const at = '/components/schemas/Try';
const withSchema = (schema: JsonValue): JsonObject => ({
  ...document,
  components: { ...(document.components as JsonObject), schemas: { Try: schema } },
});

test('the plain copy has no vendor extension, and is the contract otherwise', () => {
  expect(JSON.stringify(withoutExtensions(document))).not.toContain('"x-');
  const text = JSON.stringify(document, (name, value: unknown) => (name.startsWith('x-') ? undefined : value));
  expect(withoutExtensions(document)).toEqual(JSON.parse(text));
});

test('a property whose name begins as an extension does is kept', () => {
  const plain = withoutExtensions(withSchema({ properties: { 'x-trace': { type: 'string', 'x-error-code': 'a' } } }));
  expect(valueAt(plain, at)).toEqual({ properties: { 'x-trace': { type: 'string' } } });
});

describe('in OpenAPI 3.0', () => {
  test.each<[string, JsonValue, JsonValue]>([
    ['one value', { const: 'a' }, { enum: ['a'] }],
    ['one type in a list', { type: ['string'] }, { type: 'string' }],
    ['a type or null', { type: ['string', 'null'] }, { type: 'string', nullable: true }],
    ['two types', { type: ['string', 'integer'] }, { anyOf: [{ type: 'string' }, { type: 'integer' }] }],
    ['an exclusive bound', { exclusiveMinimum: 1 }, { minimum: 1, exclusiveMinimum: true }],
    ['true', true, {}],
    ['false', { items: false }, { items: { not: {} } }],
    [
      'a reference with siblings',
      { $ref: '#/components/schemas/A', minLength: 1 },
      { minLength: 1, allOf: [{ $ref: '#/components/schemas/A' }] },
    ],
    ['examples', { examples: [1], $comment: 'a' }, {}],
    ['a property named const', { properties: { const: true } }, { properties: { const: {} } }],
  ])('%s is said in its words', (_, schema, expected) => {
    expect(valueAt(asOpenApi30(withSchema(schema)), at)).toEqual(expected);
  });

  test('what cannot be said is named in the description', () => {
    const copy = asOpenApi30(withSchema({ if: true, properties: { a: { prefixItems: [true] } } }));
    expect(valueAt(copy, at)).toEqual({ properties: { a: {} } });
    expect(valueAt(copy, '/info/description')).toMatch(
      /OpenAPI 3\.0 cannot express: \/components\/schemas\/Try\/if, \/components\/schemas\/Try\/properties\/a\/prefixItems\.$/,
    );
  });

  test('the contract loses nothing', () => {
    const copy = asOpenApi30(document);
    expect(copy).toMatchObject({ openapi: '3.0.3' });
    expect(valueAt(copy, '/info/description')).not.toContain('cannot express');
  });
});
