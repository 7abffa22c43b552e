import { describe, expect, test } from 'vitest';
import type { CaseVerdict, Report } from './model.ts';
import { compareReports, comparisonMarkdown, comparisonText } from './compare.ts';
import { sampleCase, sampleReport, sampleRequirement } from './testing/samples.ts';

/** A report with a case, and the requirement that it is about, for each verdict. */
function makeReport(verdicts: Record<string, CaseVerdict>, members: Partial<Report> = {}): Report {
  const ids = Object.keys(verdicts);
  const requirements = ids.map((id) => ({ ...sampleRequirement, id }));
  const cases = ids.map((id) => sampleCase(verdicts[id] ?? 'pass', { id: `${id}/case`, requirement: id }));
  return { ...sampleReport(cases, requirements), ...members };
}

const report = makeReport({ 'body/a': 'pass' });

test.each<[then: CaseVerdict, now: CaseVerdict, change: string | undefined, isWorse: boolean]>([
  ['pass', 'fail', 'broken', true],
  ['fail', 'pass', 'fixed', false],
  ['warn', 'pass', 'fixed', false],
  ['pass', 'unreached', 'unproved', true],
  ['unreached', 'pass', 'proved', false],
  ['unreached', 'fail', 'broken', true],
  ['fail', 'fail', undefined, false],
  ['unreached', 'unreached', undefined, false],
])('what is %s, then %s, is %s', (before, after, change, isWorse) => {
  const comparison = compareReports(makeReport({ 'body/a': before }), makeReport({ 'body/a': after }));
  expect(comparison.cases).toEqual(change === undefined ? [] : [{ id: 'body/a/case', change, before, after }]);
  expect(comparison.requirements.map((one) => one.change)).toEqual(change === undefined ? [] : [change]);
  expect(comparison.isWorse).toBe(isWorse);
});

test('what is new or gone is not worse, unless it makes the verdict worse', () => {
  const comparison = compareReports(report, makeReport({ 'body/b': 'pass' }));
  expect(comparison).toMatchObject({
    requirements: [
      { id: 'body/b', change: 'new', after: 'met' },
      { id: 'body/a', change: 'gone', before: 'met' },
    ],
    isWorse: false,
  });
  expect(compareReports(report, makeReport({ 'body/a': 'pass', 'body/b': 'fail' })).isWorse).toBe(true);
});

test('a failure stays one though it is known now', () => {
  const failing = [sampleCase('fail')];
  const known = sampleReport(failing, [sampleRequirement], [{ id: 'body/number', reason: 'issue 12' }]);
  expect(compareReports(sampleReport(failing), known)).toMatchObject({ requirements: [], cases: [], isWorse: false });
  expect(compareReports(known, sampleReport([sampleCase('pass')])).requirements).toMatchObject([
    { change: 'fixed', before: 'known' },
  ]);
});

const setting = (members: Partial<Report['settings']>) => ({ settings: { ...report.settings, ...members } });

test.each<[members: Partial<Report>, warning: RegExp]>([
  [{ contract: { ...report.contract, sha256: 'f'.repeat(64) } }, /contract: .*\(sha256 f{12}\)$/],
  [{ tool: { ...report.tool, version: '9.0.0' } }, /tool: transfer-contract 0\.1\.0, then .* 9\.0\.0$/],
  [{ target: { name: 'The mock', origin: 'http://127.0.0.1' } }, /target: .*, then The mock$/],
  [setting({ profile: ['core', 'bulk'] }), /--profile: core, then core bulk$/],
  [setting({ only: ['body'] }), /--only: left out, then body$/],
  [setting({ strict: true }), /--strict: false, then true$/],
  [setting({ timeout: 9 }), /--timeout: 5000, then 9$/],
  [{ fuzz: { seed: 7, values: 50 } }, /values: none, then seed 7$/],
])('a warning tells what keeps reports from being comparable: %j', (members, warning) => {
  const { warnings } = compareReports(report, { ...report, ...members });
  expect(warnings).toEqual([expect.stringMatching(warning)]);
  expect(compareReports(report, report).warnings).toEqual([]);
});

describe('a comparison is printed', () => {
  const comparison = compareReports(
    makeReport({ 'body/a': 'pass', 'body/b': 'fail' }),
    makeReport({ 'body/a': 'fail', 'body/b': 'pass' }, { target: { name: '<The mock>', origin: '' } }),
  );

  test('for a terminal, with the verdict as the last line', () => {
    expect(comparisonText(comparison))
      .toBe(`Warning: The reports differ in the target: https://pbx.example.com/api, then <The mock>
Broken: 1 requirement
  body/a: met before, violated now

Broken: 1 case
  body/a/case: pass before, fail now

Fixed: 1 requirement
  body/b: violated before, met now

Fixed: 1 case
  body/b/case: fail before, pass now

Verdict: not conforming, as before`);
    expect(comparisonText(compareReports(report, report))).toBe('Verdict: conforming, as before; nothing changed');
  });

  test('as Markdown, in which nothing of the reports is markup', () => {
    const markdown = comparisonMarkdown(comparison);
    expect(markdown).toMatch(/^## Verdict: not conforming, as before\n\n<pre>\n.*then &lt;The mock&gt;\n<\/pre>\n/);
    expect(markdown).toContain('### Broken: 1 requirement\n\n<pre>\nbody/a: met before, violated now\n</pre>\n');
  });

  test('with fifty of a kind at most', () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`body/${index}`, 'pass' as const]));
    const lines = comparisonText(compareReports(makeReport({}), makeReport(many))).split('\n');
    expect(lines.filter((line) => /^ {2}body\//.test(line))).toHaveLength(100);
    expect(lines.filter((line) => line === '  and 10 more')).toHaveLength(2);
  });
});
