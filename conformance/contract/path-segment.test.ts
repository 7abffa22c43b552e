import { expect, test } from 'vitest';
import { decodeSegment } from './path-segment.ts';

test.each([
  ['%40me', '@me'],
  ['a%2Fb', 'a/b'],
  ['', ''],
  ['%zz', undefined],
  ['%ff', undefined],
])('%o decodes to %o', (segment, text) => {
  expect(decodeSegment(segment)).toBe(text);
});
