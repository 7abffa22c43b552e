import { expect, test } from 'vitest';
import { layOut, markDifference } from './exchange.ts';

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

test.each([
  ['a member', '{"error":{"code":"x"}}', '/error/code', '"code": "x"'],
  ['an entry', '[{"a":1},{"a":2}]', '/1', '{\n    "a": 2\n  }'],
  ['repeated members and escapes, which stay', '{"a":"\\u0031","a":2}', '/a', '"a": "\\u0031"'],
  ['nothing where the place is missing', '{"a":1}', '/b/0', undefined],
])('lays out JSON and finds %s', (_, text, pointer, marked) => {
  const { laid, places } = layOut(text, [pointer, 'status', '']);
  expect(laid.replaceAll(/[ \n]/g, '')).toBe(text);
  expect(laid).toContain('\n  ');
  expect(places.map(([from, to]) => laid.slice(from, to))).toEqual(marked === undefined ? [] : [marked]);
});

test('leaves what is not JSON as it came', () => {
  expect(layOut('{"a":1', ['/a'])).toEqual({ laid: '{"a":1', places: [] });
});

test('escapes what it marks', () => {
  expect(marks('<b>', '<i>')).toEqual(['&#60;[b]&#62;', '&#60;[i]&#62;']);
});
