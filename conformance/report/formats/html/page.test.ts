import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sampleCase, sampleExchange, sampleReport, sampleRequirement } from '../../testing/samples.ts';
import { htmlReport } from './page.ts';

const exchangeWith = (text: string) => ({
  ...sampleExchange,
  request: { ...sampleExchange.request, path: `/${text}`, body: text },
  response: {
    status: 200,
    headers: { 'content-type': text },
    body: { length: text.length, text, json: undefined, problem: undefined },
    duration: 3,
  },
});

/** Returns the content of the cases that a page keeps as data. */
function readContents(page: string): Record<string, string> {
  const [, data = ''] = /<script type="application\/gzip" id="contents">([^<]*)<\/script>/.exec(page) ?? [];
  return JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()) as Record<string, string>;
}

/** A page without its own style, script and data. */
const bare = (page: string) => page.replaceAll(/<(style|script)\b[^]*?<\/\1>/g, '');

describe.each([
  ['the end of a script', '</script><script>alert(1)</script>'],
  ['an image that runs a script', '"><img src=x onerror=alert(1)>'],
  ['a comment', '<!-- --><style>*{display:none}</style>'],
  ['an address', "javascript:alert(1)'"],
])('%s that came from a server', (_, hostile) => {
  const page = htmlReport(
    sampleReport([
      sampleCase(
        'fail',
        {
          id: `body/${hostile}`,
          title: hostile,
          exchanges: [exchangeWith(hostile)],
          answers: [hostile],
          reason: hostile,
        },
        hostile,
      ),
    ]),
  );
  const contents = Object.values(readContents(page)).join('');

  test('stays text', () => {
    expect(bare(page)).toContain(hostile.replaceAll(/[<>"'&]/g, (character) => `&#${character.charCodeAt(0)};`));
    expect(`${bare(page)}${contents}`).not.toMatch(/<img|<style|<!--/);
    expect(contents).not.toContain('<script');
    expect(page.match(/<script\b/g)).toHaveLength(2);
  });
});

test('shows what cannot be seen, also in what is opened later', () => {
  const page = htmlReport(sampleReport([sampleCase('pass', { exchanges: [exchangeWith('\0\u202eabc')] })]));
  expect(readContents(page)['case/body/number/pass']).toContain('<span class="unseen">\\u202e</span>abc');
  expect(page).not.toMatch(/[\0\u202e]/);
});

test('lets run nothing but its own script and style, and loads nothing', () => {
  const page = htmlReport(sampleReport([sampleCase('pass')]));
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
  expect(bare(page)).not.toMatch(/ (?:src|action|style|on\w+)=/);
  expect(bare(page).match(/ href="(?!#)[^"]*/g)).toEqual([expect.stringContaining('data:image/svg+xml')]);
});

test('shows the beginning of what is long, and how long it is', () => {
  const page = htmlReport(sampleReport([sampleCase('pass', { exchanges: [exchangeWith('x'.repeat(70_000))] })]));
  const content = readContents(page)['case/body/number/pass'] ?? '';
  const [copied = ''] = / data-copy="[^"]*"/.exec(content) ?? [];
  expect(copied).toMatch(/x{70000}/);
  expect(content).toContain('… and 68,000 characters more');
  expect(content.replace(copied, '')).not.toMatch(/x{2001}/);
});

test('tells what an expected failure is known for', () => {
  const known = [{ id: 'body/number', reason: 'Mended in the next release.', until: '2027-01-31' }];
  const page = htmlReport(sampleReport([sampleCase('fail')], [sampleRequirement], known));
  expect(page).toContain('Known until 2027-01-31: Mended in the next release.');
  expect(page).toContain('As listed in known.yaml');
});

test('counts what is violated', () => {
  const other = { ...sampleRequirement, id: 'body/text' };
  const cases = [sampleCase('fail'), sampleCase('pass', { id: 'body/text/pass', requirement: other.id })];
  const page = htmlReport(sampleReport(cases, [sampleRequirement, other]));
  expect(page).toContain('1 of the 2 requirements that could be checked is violated.');
});

test('tells which wrong answers would have escaped, and what others would have taken', () => {
  const wrongAnswer = { id: 'a', exchanges: 1, warnsOnly: false };
  const tried = [
    { ...wrongAnswer, says: 'A status is wrong.', caughtBy: ['body/number'], reason: undefined },
    { ...wrongAnswer, says: 'A number is wrong.', caughtBy: [], reason: 'it takes two numbers' },
  ];
  const notApplicable = [
    { id: 'b', needs: 'a list' },
    { id: 'c', needs: 'a list' },
  ];
  const totals = { tried: 2, caught: 1, warned: 0, notApplicable: 2, share: 0.5 };
  const report = { ...sampleReport([sampleCase('pass')]), selfCheck: { tried, notApplicable, totals } };
  const text = htmlReport(report)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
  expect(text).toContain('1 of 2 wrong answers would have been caught (50.0 %). No answer gave occasion to 2 more.');
  expect(text).toContain('2 for want of a list');
  expect(text).toContain('Not caught Wrong answer Why A number is wrong. it takes two numbers');
});
