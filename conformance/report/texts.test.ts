import { expect, test } from 'vitest';
import { visible } from './texts.ts';

test.each([
  ['a colour', '\u001b[31mred', '\\u001b[31mred'],
  ['an 8-bit control sequence', '\u009b2J', '\\u009b2J'],
  ['a link', '\u001b]8;;http://h\u0007text', '\\u001b]8;;http://h\\u0007text'],
  ['a change of direction', '\u202e"x"\u2066', '\\u202e"x"\\u2066'],
  ['line ends', 'one\r\ntwo\u2028three\u0085', 'one\\r\\ntwo\\u2028three\\u0085'],
  ['a tabulator and a backspace', '\ta\b\u007f', '\\ta\\u0008\\u007f'],
  ['digits of another script', '\u0660\u0661', '\\u0660\\u0661'],
  ['what has no width', 'a\u200bb\u00a0c', 'a\\u200bb\\u00a0c'],
  ['a pair of surrogates, and half of one', '\u{1f600} \ud83d', '\\ud83d\\ude00 \\ud83d'],
])('%s is seen as it was sent', (_, text, seen) => {
  expect(visible(text)).toBe(seen);
});

test('printable ASCII stays as it is', () => {
  const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
  expect(visible(ascii)).toBe(ascii);
});
