import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { sampleCase, sampleReport, sampleRequirement } from '../testing/samples.ts';
import { markdownReport } from './markdown.ts';

const markdown = new MarkdownIt({ html: true, linkify: true });
const rendered = (...report: Parameters<typeof sampleReport>) =>
  markdown.render(markdownReport(sampleReport(...report)));

describe('summary.md', () => {
  test('tells the verdict, the totals of each group, and what is broken', () => {
    const other = { ...sampleRequirement, id: 'path/user', says: 'A user is a user.' };
    const cases = [sampleCase('fail'), sampleCase('pass', { requirement: other.id })];
    const html = rendered(cases, [sampleRequirement, other]);
    expect(html).toContain('<h2>Conformance: not conforming</h2>');
    expect(html).toMatch(/<td>body<\/td>\s*<td[^>]*>·<\/td>\s*<td[^>]*>1<\/td>/);
    expect(html).toMatch(/<strong>all<\/strong><\/td>\s*<td[^>]*>1<\/td>\s*<td[^>]*>1<\/td>/);
    expect(html).toContain(
      '<details><summary><b>VIOLATED body/number (MUST)</b>, 1 case: A number is a number.</summary>',
    );
    expect(html).toMatch(/contract {2}spec\/openapi\.yaml:17\n +\/components\/schemas\/Number/);
    expect(html).toMatch(/expected {2}status: 400\n +actual {4}status: 200\n[^]*\ncurl -i /);
  });

  test('tells why a known failure may fail, and what is to be deleted from its list', () => {
    const known = [
      { id: 'body/number', reason: 'issue 12', until: '2026-12-31' },
      { id: 'body/nonsense', reason: 'a slip' },
    ];
    const html = rendered([sampleCase('fail')], [sampleRequirement], known);
    expect(html).toContain('<h2>Conformance: conforming</h2>');
    expect(html).toContain('<b>KNOWN body/number (MUST)</b>');
    expect(html).toContain('known     issue 12 (until 2026-12-31)');
    expect(html).toContain('1 of them known to fail');
    expect(html).toContain('known.yaml:2: body/nonsense is no case and no requirement: delete this line');
  });

  test('tells what was not reached, and the errors of the suite', () => {
    const html = rendered([
      sampleCase('unreached', { checks: [], reason: 'the fixture lacks --call' }),
      sampleCase('error', { checks: [], reason: 'The request is not what it claims.' }),
    ]);
    expect(html).toContain('the fixture lacks --call: body/number');
    expect(html).toContain('body/number/error: The request is not what it claims.');
  });

  test.each([
    ['an element', '<img src=x onerror=alert(1)>'],
    ['the end of the block', '</pre></details><script>alert(1)</script>'],
    ['an end of the block that is spelt otherwise', '</PRE >\n\n<a href="x">x</a>'],
    ['a link', '[x](https://evil.example)'],
    ['an address', 'https://evil.example'],
    ['a heading after a blank line', '\n\n# heading\n\n'],
    ['a fence', '```\n~~~\n'],
    ['a row of a table', '| a | b |\n| --- | --- |'],
    ['an entity', '&lt;b&gt; &#60;b>'],
  ])('keeps what came from becoming markup: %s', (_, came) => {
    expect(elementsIn(renderPage(came))).toEqual(elementsIn(renderPage('harmless')));
  });

  test('stays below what GitHub shows, and says how much is left out', () => {
    const requirements = Array.from({ length: 2000 }, (_, index) => ({ ...sampleRequirement, id: `body/${index}` }));
    const cases = requirements.map(({ id }, index) =>
      sampleCase('fail', { id: `${id}/case`, requirement: id }, `${'x'.repeat(3000)} ${'y'.repeat(index)}`),
    );
    const summary = markdownReport(sampleReport(cases, requirements));
    expect(new TextEncoder().encode(summary).length).toBeLessThan(1024 * 1024);
    expect(summary).toMatch(/\n\d+ more: see report\.json, or report\.html\.\n/);
  });
});

/** A page in all whose places stands what came. */
function renderPage(came: string): string {
  const cases = [
    sampleCase('fail', {}, came),
    sampleCase('fail', { id: 'a' }, came),
    sampleCase('unreached', { reason: came, requirement: 'path/user', checks: [] }),
    sampleCase('error', { reason: came, checks: [] }),
  ];
  const requirements = [sampleRequirement, { ...sampleRequirement, id: 'path/user' }];
  return rendered(cases, requirements, [
    { id: 'a', reason: came },
    { id: came, reason: came },
  ]);
}

/** The names of a page's elements, in their order. What stands in its blocks is escaped. */
function elementsIn(html: string): string[] {
  return [...html.matchAll(/<\/?([a-z]\w*)/gi)].map(([, name = '']) => name.toLowerCase());
}
