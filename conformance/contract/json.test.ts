import { describe, expect, test } from 'vitest';
import { pointerToken, valueAt } from './json.ts';

describe('valueAt', () => {
  const document = { list: [{ name: 'first' }, 'second'], 'a/b': 1, 'm~n': 2, '': 3, empty: null };

  test.each([
    ['', document],
    ['/list/0/name', 'first'],
    ['/list/1', 'second'],
    ['/a~1b', 1],
    ['/m~0n', 2],
    ['/', 3],
    ['/empty', null],
  ])('follows %o', (pointer, value) => {
    expect(valueAt(document, pointer)).toEqual(value);
  });

  test.each([
    ['a member that is not there', '/nothing'],
    ['a member of a text', '/list/1/length'],
    ['a member of null', '/empty/member'],
    ['an item without a number', '/list/'],
    ['an item with a leading zero', '/list/01'],
    ['what every object inherits', '/toString'],
    ['no pointer at all', 'list'],
  ])('finds nothing at %s', (_, pointer) => {
    expect(valueAt(document, pointer)).toBeUndefined();
  });
});

test.each(['plain', 'a/b', 'm~n', '~1', '/~/~', ''])('a member named %o is found by its pointer', (name) => {
  expect(valueAt({ [name]: 'found' }, `/${pointerToken(name)}`)).toBe('found');
});
