import { describe, expect, test } from 'vitest';
import type { Requirement } from '../contract/requirements.ts';
import type { CaseResult, CaseVerdict } from '../run/result.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import { describedRun } from './described.ts';
import { reportOf } from './report.ts';
import { judge } from './verdict.ts';

const requirement: Requirement = {
  id: 'body/number',
  level: 'MUST',
  profile: 'core',
  says: 'A number is a number.',
  source: 'page',
  at: '/components/schemas/Number',
};
const description = {
  ...describedRun,
  target: { name: 'http://pbx.example.com/?a&b', origin: 'http://pbx.example.com' },
};

function result(verdict: CaseVerdict, members: Partial<CaseResult> = {}, actual = '200'): CaseResult {
  const violations = ['fail', 'warn'].includes(verdict) ? [{ at: 'status', expected: '400', actual }] : [];
  const outcome = violations.length > 0 ? 'violated' : 'met';
  return {
    id: `body/number/${verdict}`,
    requirement: requirement.id,
    title: 'refuses what is no number',
    verdict,
    reason: undefined,
    control: undefined,
    answers: [],
    accepted: false,
    checks: [{ check: 'is refused', requirement: requirement.id, outcome, violations }],
    exchanges: [],
    duration: 10.4,
    ...members,
  };
}

const judged = (results: CaseResult[]) =>
  reportOf(judge([requirement], results, { profiles: ['core'], strict: false, partial: false }), description);

describe('junit.xml', () => {
  const junit = (...results: CaseResult[]) => junitReport(judged(results));

  test('has a suite for each group and an element for each verdict', () => {
    const xml = junit(
      result('pass'),
      result('fail'),
      result('warn'),
      result('error', { reason: 'unsound' }),
      result('unreached', { reason: 'the fixture lacks --call' }),
      result('not applicable', { requirement: 'path/user' }),
    );
    expect(problemOfXml(xml)).toBeUndefined();
    expect(xml).toContain(
      '<testsuites name="conformance of http://pbx.example.com/?a&amp;b" tests="6" failures="1" errors="1" skipped="2" time="1.234">',
    );
    expect(xml).toContain('<testsuite name="body" tests="5" failures="1" errors="1" skipped="1" time="0.052">');
    expect(xml).toContain('<testsuite name="path" tests="1" failures="0" errors="0" skipped="1" time="0.010">');
    expect(xml).toContain('<failure message="body/number: status: expected 400, came 200">');
    expect(xml).toContain('<error message="unsound">unsound</error>');
    expect(xml).toContain('<skipped message="unreached: the fixture lacks --call"/>');
    expect(xml).toContain('<system-out>warning: body/number: status: expected 400, came 200</system-out>');
    expect(xml.match(/<testcase /g)).toHaveLength(6);
  });

  test.each([
    ['markup', '</failure><x a="1" b=\'2\'>&amp;&nbsp;'],
    ['the end of a CDATA section', ']]>'],
    ['a comment', '<!-- -- -->'],
    ['lines', 'one\ntwo\r\nthree'],
    ['control characters', Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('')],
    ['noncharacters', '\uFFFE\uFFFF'],
    ['surrogates by themselves', '\uD800 \uDC00'],
    ['characters beyond the first plane', '\u{1F4DE}'],
    ['escape sequences of a terminal', '\u001B[31mred\u001B[0m'],
  ])('is well-formed whatever came: %s', (_, came) => {
    expect(
      problemOfXml(junit(result('fail', { title: came }, came), result('error', { reason: came }))),
    ).toBeUndefined();
    expect(problemOfXml(junit(result('warn', {}, came), result('unreached', { reason: came })))).toBeUndefined();
  });

  test('keeps the characters that XML allows', () => {
    expect(junit(result('fail', {}, '\u{1F4DE} é٣'))).toContain('came \u{1F4DE} é٣<');
  });

  test.each([
    ['<a><b></a></b>', /closes/],
    ['<a>&nbsp;</a>', /entity/],
    ['<a b="<"/>', /text/],
    ['<a>\u0001</a>', /character/],
    ['<a>]]></a>', /CDATA/],
    ['<a></a><b></b>', /one root/],
    ['<a>', /open/],
  ])('would be found to be broken like %j', (xml, problem) => {
    expect(problemOfXml(xml)).toMatch(problem);
  });
});

describe('report.json', () => {
  test('tells everything, for programs', () => {
    const report = JSON.parse(jsonReport(judged([result('fail')]))) as unknown;
    expect(report).toMatchObject({
      version: 2,
      verdict: 'not conforming',
      target: description.target,
      duration: 1234,
      requirements: [{ ...requirement, outcome: 'violated', cases: ['body/number/fail'] }],
      cases: [
        { id: 'body/number/fail', verdict: 'fail', duration: 10.4, checks: [{ violations: [{ actual: '200' }] }] },
      ],
    });
  });

  test('ends with a line break', () => {
    expect(jsonReport(judged([]))).toMatch(/^\{[^]+\}\n$/);
  });
});

/** What keeps a document, without declarations of its own, from being well-formed XML 1.0. */
function problemOfXml(document: string): string | undefined {
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(document)) return 'has a forbidden character';
  const open: string[] = [];
  let roots = 0;
  const tokens = document.replace(/^<\?xml [^<>?]*\?>\n/, '').match(/<[^>]*>|[^<]+/g) ?? [];
  for (const token of tokens) {
    const text = token.startsWith('<') ? [...token.matchAll(/"([^"]*)"/g)].map(([, value]) => value).join('') : token;
    if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\dA-Fa-f]+);)/.test(text)) return `has an unknown entity in ${text}`;
    if (!token.startsWith('<')) {
      if (token.includes(']]>')) return 'ends a CDATA section that it has not begun';
      if (open.length === 0 && token.trim() !== '') return 'has text outside its root';
      continue;
    }
    const [, slash, name = '', rest = ''] = /^<(\/?)([A-Za-z][\w-]*)([^]*)>$/.exec(token) ?? [];
    if (slash === '/') {
      if (open.pop() !== name) return `closes ${name}, which is not the last that is open`;
      continue;
    }
    if (!/^(?: [A-Za-z][\w-]*="[^"<]*")*\/?$/.test(rest)) return `has text in the tag ${token}`;
    if (open.length === 0 && roots++ > 0) return 'has more than one root';
    if (!rest.endsWith('/')) open.push(name);
  }
  return open.length === 0 ? undefined : `leaves ${open.join(', ')} open`;
}
