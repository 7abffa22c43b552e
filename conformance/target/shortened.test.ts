import { expect, test } from 'vitest';
import { longestText, shortened } from './shortened.ts';

test.each([
  ['', 3, ''],
  ['abc', 3, 'abc'],
  ['abcd', 3, 'abc… (4 characters)'],
])('%j is cut to %i characters at most, and its length is told', (text, longest, expected) => {
  expect(shortened(text, longest)).toBe(expected);
});

test('a text is not cut before it is longer than somebody reads', () => {
  expect(shortened('x'.repeat(longestText))).toHaveLength(longestText);
  expect(shortened('x'.repeat(longestText + 1)).length).toBeLessThan(longestText + 30);
});
