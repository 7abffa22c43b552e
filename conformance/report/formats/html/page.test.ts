import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sampleCase, sampleExchange, sampleReport } from '../../testing/samples.ts';
import { layOut } from './case.ts';
import { escapeExactly, html } from './markup.ts';
import { htmlReport } from './page.ts';

/** Makes a page of a case with a text in its exchange and everywhere else, and reads the content that it keeps as data. */
function makePage(text: string, everywhere = text) {
  const response = { status: 200, headers: { 'content-type': text }, body: { length: text.length, text }, duration: 3 };
  const exchanges = [{ request: { ...sampleExchange.request, path: `/${text}`, body: text }, response }];
  const texts = { id: `body/${everywhere}`, title: everywhere, answers: [everywhere], reason: everywhere };
  const page = htmlReport(sampleReport([sampleCase('fail', { ...texts, exchanges }, everywhere)]));
  const bare = page.replaceAll(/<(style|script)\b[^]*?<\/\1>/g, '');
  return { page, bare, content: Object.values(unpack(page)).join('') };
}

/** Returns what the script of a page shows of each case. */
function unpack(page: string): Record<string, string> {
  const [, data = ''] = /<script type="application\/gzip" id="contents">([^<]*)<\/script>/.exec(page) ?? [];
  const packs = data
    .split('\n')
    .map((line) => JSON.parse(gunzipSync(Buffer.from(line, 'base64')).toString()) as object);
  return Object.assign({}, ...packs) as Record<string, string>;
}

test('each of many cases has its content', () => {
  const cases = Array.from({ length: 120 }, (_, index) => sampleCase('fail', { id: `body/${index}` }));
  expect(Object.keys(unpack(htmlReport(sampleReport(cases))))).toEqual(cases.map(({ id }) => `case/${id}`));
});

test.each([
  ['the end of a script', '</script><script>alert(1)</script>'],
  ['an image that runs a script', '"><img src=x onerror=alert(1)>'],
  ['a comment', '<!-- --><style>*{display:none}</style>'],
  ['an address', "javascript:alert(1)'"],
])('%s that came from a server stays text', (_, hostile) => {
  const { page, bare, content } = makePage(hostile);
  expect(bare).toContain(hostile.replaceAll(/[<>"'&]/g, (character) => `&#${character.charCodeAt(0)};`));
  expect(`${bare}${content}`).not.toMatch(/<img|<style|<!--/);
  expect(content).not.toContain('<script');
  expect(page.match(/<script\b/g)).toHaveLength(2);
});

test('a page lets run nothing but its own script and style, and loads nothing', () => {
  const { page, bare } = makePage('');
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const hashElement = (element: string) => {
    const [, text = ''] = new RegExp(`<${element}>([^]*?)</${element}>`).exec(page) ?? [];
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `style-src ${hashElement('style')}`,
    `script-src ${hashElement('script')}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(bare).not.toMatch(/ (?:src|action|style|on\w+)=/);
  expect(bare.match(/ href="(?!#)[^"]*/g)).toEqual([' href="data:,']);
});

test('the beginning of what is long is shown, and how long it is; its command is kept whole', () => {
  const { content } = makePage('x'.repeat(70_000), '');
  const [copied = ''] = / data-copy="[^"]*"/.exec(content) ?? [];
  expect(copied.length).toBeGreaterThan(140_000);
  expect(content).toContain('… and 68,000 characters more');
  expect(/x{2001}/.test(content.replace(copied, ''))).toBe(false);
});

describe('text in markup', () => {
  test.each([
    ['markup', '</script><img src=x>', '&#60;/script&#62;&#60;img src=x&#62;'],
    ['quotes', `"'&`, '&#34;&#39;&#38;'],
    ['letters of all scripts', 'é٣中📞', 'é٣中📞'],
    ['line breaks and tabs', 'a\n\tb', 'a\n\tb'],
  ])('stays as it is: %s', (_, text, escaped) => {
    expect(html`<p>${text}</p>`.text).toBe(`<p>${escaped}</p>`);
    expect(html`<p title="${text}"></p>`.text).toBe(`<p title="${escaped}"></p>`);
  });

  test.each([
    ['NUL', '\0', '\\u0000'],
    ['a carriage return', '\r', '\\u000d'],
    ['an override of the writing direction', '\u202e', '\\u202e'],
    ['a zero-width space', '\u200b', '\\u200b'],
    ['a no-break space', '\u00a0', '\\u00a0'],
    ['half a surrogate pair', '\ud83d', '\\ud83d'],
    ['a tag beyond the first plane', '\u{e0041}', '\\u{e0041}'],
  ])('is made visible: %s', (_, character, escaped) => {
    expect(html`<p>${`a${character}b`}</p>`.text).toBe(`<p>a<span class="unseen">${escaped}</span>b</p>`);
    expect(html`<p title="${character}"></p>`.text).toBe(`<p title="${escaped}"></p>`);
  });

  test('stands among markup and lists, and is left out where there is none', () => {
    const items = ['a', '<b>'].map((item) => html`<i>${item}</i>`);
    expect(html`${items}${undefined}${false}${0}`.text).toBe('<i>a</i><i>&#60;b&#62;</i>0');
  });

  test('keeps every character if it is to be copied', () => {
    expect(escapeExactly('a\r\n"\u200b\'<').text).toBe('a&#13;\n&#34;\u200b&#39;&#60;');
  });
});

test.each([
  ['a member', '{"error":{"code":"x"}}', '/error/code', '"code": "x"'],
  ['an entry', '[{"a":1},{"a":2}]', '/1', '{\n    "a": 2\n  }'],
  ['repeated members and escapes, which stay', '{"a":"\\u0031","a":2}', '/a', '"a": "\\u0031"'],
  ['nothing where the place is missing', '{"a":1}', '/b/0', undefined],
])('JSON is laid out to find %s', (_, text, pointer, marked) => {
  const { laid, places } = layOut(text, [pointer, 'status', '']);
  expect(laid.replaceAll(/[ \n]/g, '')).toBe(text);
  expect(laid).toContain('\n  ');
  expect(places.map(([from, to]) => laid.slice(from, to))).toEqual(marked === undefined ? [] : [marked]);
  expect(layOut(text.slice(1), [pointer])).toEqual({ laid: text.slice(1), places: [] });
});
