import { expect, test } from 'vitest';
import { markDifference } from './exchange.ts';

const marks = (expected: string, actual: string) => {
  const marked = markDifference(expected, actual);
  return [marked.expected.text, marked.actual.text].map((text) =>
    text.replaceAll(/<mark class="\w+">([^]*?)<\/mark>/g, '[$1]'),
  );
};

test.each([
  ['400 no_number', '200', '[400 no_number]', '[200]'],
  ['400 no_number', '422 no_number', '[400] no_number', '[422] no_number'],
  ['400 no_number', '400', '400[ no_number]', '400'],
  ['a, b, c', 'a, x, c', 'a, [b], c', 'a, [x], c'],
  ['aa', 'aaa', '[aa]', '[aaa]'],
  ['same', 'same', 'same', 'same'],
])('marks what differs between %j and %j', (expected, actual, ...marked) => {
  expect(marks(expected, actual)).toEqual(marked);
});

test('escapes what it marks', () => {
  expect(marks('<b>', '<i>')).toEqual(['&#60;[b]&#62;', '&#60;[i]&#62;']);
});
