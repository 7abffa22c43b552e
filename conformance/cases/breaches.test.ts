import { describe, expect, test } from 'vitest';
import { parseContract } from '../contract/contract.ts';
import type { JsonObject, JsonValue } from '../contract/json.ts';
import { schemaValidator } from '../contract/schemas.ts';
import { pathBreaches, propertyBreaches } from './breaches.ts';

const number = '^(?:\\+?[0-9]+|[0-9*]+)$';

/** Schemas of properties, each with a value that keeps it. */
const schemas: Readonly<Record<string, [schema: JsonObject, valid: JsonValue]>> = {
  'a public number': [{ type: 'string', pattern: number }, '3235742879'],
  'an extension': [{ type: 'string', pattern: number }, '0003*100'],
  'an international number': [{ type: 'string', pattern: number }, '+13235742879'],
  'one digit': [{ type: 'string', pattern: '^[0-9]$' }, '7'],
  'a word': [{ type: 'string', pattern: '^(?:low|normal|high)$' }, 'normal'],
  'a constant': [{ type: 'string', const: 'Transfer' }, 'Transfer'],
  'one of several': [{ type: 'string', enum: ['low', 'high'] }, 'low'],
  'a short text': [{ type: 'string', minLength: 2, maxLength: 4 }, 'abc'],
  'a short pattern': [{ type: 'string', pattern: '^[0-9]+$', minLength: 4, maxLength: 8 }, '12345'],
  'a date': [{ type: 'string', format: 'date-time' }, '2012-06-27T16:08:55Z'],
  'an address': [{ type: 'string', format: 'uri-reference' }, '/uapi'],
  'a whole number': [{ type: 'integer', minimum: 1, maximum: 9 }, 5],
  'a number': [{ type: 'number', minimum: 0 }, 0.5],
  'a truth value': [{ type: 'boolean' }, true],
  'a list': [{ type: 'array', items: { type: 'string' } }, ['0003*100']],
  'an object': [{ type: 'object' }, {}],
  'a text or nothing': [{ type: ['string', 'null'], pattern: number }, '0003*100'],
};

const validatorOf = (schema: JsonObject) => {
  const validate = schemaValidator(parseContract({ paths: {}, schema }));
  return (value: JsonValue) => validate('/schema', value).length === 0;
};

describe.each(Object.entries(schemas))('%s', (_, [schema, valid]) => {
  const keeps = validatorOf(schema);

  test('is kept by the value that breaches are made from', () => {
    expect(keeps(valid)).toBe(true);
  });

  test('is left by every breach', () => {
    const breaches = propertyBreaches(schema, false, valid);
    expect(breaches.length).toBeGreaterThan(2);
    for (const { name, value } of breaches) expect([name, keeps(value ?? null)]).toEqual([name, false]);
  });

  test('is left in the keyword that the breach names', () => {
    const byKeyword = Map.groupBy(propertyBreaches(schema, false, valid), ({ keyword }) => keyword);
    for (const [keyword, breaches] of byKeyword) {
      const keepsKeyword = validatorOf({ [keyword]: schema[keyword] ?? null });
      expect(breaches.filter(({ value }) => keepsKeyword(value ?? null))).toEqual([]);
    }
  });

  test('has breaches with names of their own, and no value twice for a pattern', () => {
    const breaches = propertyBreaches(schema, true, valid);
    const ofPattern = breaches.filter(({ keyword }) => keyword === 'pattern').map(({ value }) => value);
    expect(new Set(ofPattern).size).toBe(ofPattern.length);
    expect(new Set(breaches.map(({ name }) => name)).size).toBe(breaches.length);
  });
});

test('a property is left out only where it is required', () => {
  const names = (required: boolean) => propertyBreaches({ type: 'string' }, required, '1').map(({ name }) => name);
  expect(names(true)).toEqual(['missing', ...names(false)]);
  expect(names(false)).not.toContain('missing');
});

test('a property without constraints cannot be broken', () => {
  expect(propertyBreaches({}, false, 'text')).toEqual([]);
});

describe('a number', () => {
  const breaches = new Map(
    propertyBreaches({ type: 'string', pattern: number }, true, '0003*100').map(({ name, value }) => [name, value]),
  );

  test.each([
    ['empty', ''],
    ['blank-start', ' 0003*100'],
    ['blank-inside', '0003 *100'],
    ['blank-end', '0003*100 '],
    ['newline-end', '0003*100\n'],
    ['letter-inside', '0003x*100'],
    ['arabic-digits', '٠٠٠٣١٠٠'],
    ['plus-inside', '0003+*100'],
    ['null', null],
    ['array', ['0003*100']],
    ['number', -1],
    ['missing', undefined],
  ])('is broken by %s', (name, value) => {
    expect(breaches.has(name)).toBe(true);
    expect(breaches.get(name)).toEqual(value);
  });

  test('is nested deep, and is too large', () => {
    expect(JSON.stringify(breaches.get('too-deep'))).toMatch(/^\[{60}"0003\*100"\]{60}$/);
    expect(String(breaches.get('too-large')).length).toBeGreaterThan(65_536);
  });

  test('of digits only is sent as a number of the same digits, and as none that could be dialled otherwise', () => {
    const asNumber = (valid: string) =>
      propertyBreaches({ type: 'string' }, false, valid).find(({ name }) => name === 'number')?.value;
    expect(['3235742879', '0003100', '+1323', '0003*100'].map(asNumber)).toEqual([3235742879, -1, -1, -1]);
  });
});

describe('a path parameter', () => {
  const values = (schema: JsonObject, valid: string) => pathBreaches(schema, valid).map(({ value }) => String(value));
  const id: JsonObject = { type: 'string', pattern: '^[A-Za-z0-9]+$' };

  test('is left by every breach', () => {
    const breaches = values(id, 'b817d2618fe6f1804333');
    const keeps = validatorOf(id);
    expect(breaches.length).toBeGreaterThan(10);
    expect(breaches.filter(keeps)).toEqual([]);
  });

  test.each(['b817d2618fe6f1804333', '0', '12', '@me'])('made from %s never collapses, and ends no path', (valid) => {
    expect(values(id, valid).filter((value) => /^\.{0,2}$|[/#?\\]/.test(value))).toEqual([]);
  });

  test('with a least length never collapses', () => {
    expect(values({ type: 'string', minLength: 1 }, '12')).not.toContain('');
  });
});
