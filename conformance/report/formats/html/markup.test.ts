import { expect, test } from 'vitest';
import { escapeExactly, html } from './markup.ts';

test.each([
  ['markup', '</script><img src=x onerror=alert(1)>', '&#60;/script&#62;&#60;img src=x onerror=alert(1)&#62;'],
  ['quotes', `"'&`, '&#34;&#39;&#38;'],
  ['letters of all scripts', 'é٣中📞', 'é٣中📞'],
  ['line breaks and tabs', 'a\n\tb', 'a\n\tb'],
])('keeps %s as text', (_, text, escaped) => {
  expect(html`<p>${text}</p>`.text).toBe(`<p>${escaped}</p>`);
  expect(html`<p title="${text}"></p>`.text).toBe(`<p title="${escaped}"></p>`);
});

test.each([
  ['NUL', '\0', '\\u0000'],
  ['a carriage return', '\r', '\\u000d'],
  ['an override of the writing direction', '\u202e', '\\u202e'],
  ['a zero-width space', '\u200b', '\\u200b'],
  ['a no-break space', '\u00a0', '\\u00a0'],
  ['a line separator', '\u2028', '\\u2028'],
  ['half a surrogate pair', '\ud83d', '\\ud83d'],
  ['a tag beyond the first plane', '\u{e0041}', '\\u{e0041}'],
])('shows %s', (_, character, escaped) => {
  expect(html`<p>${`a${character}b`}</p>`.text).toBe(`<p>a<span class="unseen">${escaped}</span>b</p>`);
  expect(html`<p title="${character}"></p>`.text).toBe(`<p title="${escaped}"></p>`);
});

test('puts markup and lists into markup, and leaves out what is not there', () => {
  const items = ['a', '<b>'].map((item) => html`<i>${item}</i>`);
  expect(html`${items}${undefined}${false}${0}`.text).toBe('<i>a</i><i>&#60;b&#62;</i>0');
});

test('keeps every character of a text that is to be copied', () => {
  expect(escapeExactly('a\r\n"\u200b\'<').text).toBe('a&#13;\n&#34;\u200b&#39;&#60;');
});
