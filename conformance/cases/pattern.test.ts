import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patternOf } from './pattern.ts';

describe('a pattern', () => {
  test.each([
    ['body', 'body'],
    ['body', 'body/sendCallTo/missing'],
    ['body/*/missing', 'body/sendCallTo/missing'],
    ['body/*/missing', 'body/sendCallTo/missing/twice'],
    ['*', 'body'],
    ['**', 'body'],
    ['b**y', 'body'],
    ['*missing', 'body/sendCallTo/missing'],
    ['b*d*y/*', 'body/sendCallTo'],
    ['*a*a*', 'aa'],
  ])('%s matches %s', (pattern, id) => {
    expect(patternOf(pattern).test(id)).toBe(true);
  });

  test.each([
    ['body', 'bodyguard'],
    ['body/', 'body'],
    ['body/*', 'body'],
    ['.ody', 'body'],
    ['', 'body'],
    ['aba*ba', 'aba'],
    ['*a*a*', 'a'],
    ['*missing', 'body/missings'],
  ])('%s matches no %s', (pattern, id) => {
    expect(patternOf(pattern).test(id)).toBe(false);
  });

  test('matches what a regular expression would', () => {
    const words = (letters: string[]) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 7 }).map((word) => word.join(''));
    fc.assert(
      fc.property(words(['a', 'b', '/', '*']), words(['a', 'b', '/']), (text, id) => {
        const expression = new RegExp(`^${text.replaceAll('*', '.*')}(?:/.*)?$`);
        expect(patternOf(text).test(id)).toBe(expression.test(id));
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  test.each([
    ['stars in a row', `${'*'.repeat(50_000)}x`],
    ['stars between letters', `${'*a'.repeat(30)}*x`],
  ])('with many %s is held against an id at once', (_, text) => {
    expect(patternOf(text).test('a'.repeat(200))).toBe(false);
  });
});
