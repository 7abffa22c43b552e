import { describe, expect, test } from 'vitest';
import { collected, wholeNumber } from './command-line.ts';

describe('wholeNumber', () => {
  const read = wholeNumber(1, 64);

  test.each([
    ['1', 1],
    ['64', 64],
    ['007', 7],
  ])('reads %s', (text, number) => {
    expect(read(text)).toBe(number);
  });

  test.each(['', '0', '65', '-1', '+1', '1.5', '1e1', '0x10', ' 1', '1 ', 'abc', '٣', 'Infinity', 'NaN'])(
    'refuses %o',
    (text) => {
      expect(() => read(text)).toThrow('Expected a whole number from 1 to 64.');
    },
  );
});

test('collected gathers values in their order, and changes none that it was given', () => {
  const first = collected('one');
  expect(collected('two', first)).toEqual(['one', 'two']);
  expect(first).toEqual(['one']);
});
