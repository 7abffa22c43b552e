import { describe, expect, test } from 'vitest';
import type { CaseVerdict } from './model.ts';
import { compareReports, comparisonMarkdown, comparisonText } from './compare.ts';
import { sampleCase, sampleReport, sampleRequirement } from './testing/samples.ts';
import type { Report } from './model.ts';

/** A report with a case, and the requirement that it is about, for each verdict. */
function makeOutcomes(verdicts: Record<string, CaseVerdict>, members: Partial<Report> = {}): Report {
  const ids = Object.keys(verdicts);
  const requirements = ids.map((id) => ({ ...sampleRequirement, id }));
  const cases = ids.map((id) => sampleCase(verdicts[id] ?? 'pass', { id: `${id}/case`, requirement: id }));
  return { ...sampleReport(cases, requirements), ...members };
}

describe('what ended otherwise is', () => {
  test.each<[CaseVerdict, CaseVerdict, string | undefined, boolean]>([
    ['pass', 'fail', 'broken', true],
    ['fail', 'pass', 'fixed', false],
    ['warn', 'pass', 'fixed', false],
    ['pass', 'unreached', 'unproved', true],
    ['unreached', 'pass', 'proved', false],
    ['unreached', 'fail', 'broken', true],
    ['fail', 'fail', undefined, false],
    ['unreached', 'unreached', undefined, false],
  ])('%s, then %s: %s', (then, now, change, isWorse) => {
    const comparison = compareReports(makeOutcomes({ 'body/a': then }), makeOutcomes({ 'body/a': now }));
    expect(comparison.cases).toEqual(
      change === undefined ? [] : [{ id: 'body/a/case', change, before: then, after: now }],
    );
    expect(comparison.requirements.map((one) => one.change)).toEqual(change === undefined ? [] : [change]);
    expect(comparison.isWorse).toBe(isWorse);
  });

  test('new, or gone, which alone is not worse', () => {
    const comparison = compareReports(
      makeOutcomes({ 'body/a': 'pass', 'body/b': 'pass' }),
      makeOutcomes({ 'body/b': 'pass', 'body/c': 'pass' }),
    );
    expect(comparison.requirements).toEqual([
      { id: 'body/c', change: 'new', after: 'met' },
      { id: 'body/a', change: 'gone', before: 'met' },
    ]);
    expect(comparison.isWorse).toBe(false);
  });

  test('worse where a failure that is new makes the verdict worse', () => {
    const comparison = compareReports(
      makeOutcomes({ 'body/a': 'pass' }),
      makeOutcomes({ 'body/a': 'pass', 'body/b': 'fail' }),
    );
    expect(comparison.isWorse).toBe(true);
  });

  test('a failure still, though it is known now', () => {
    const failing = [sampleCase('fail')];
    const known = sampleReport(failing, [sampleRequirement], [{ id: 'body/number', reason: 'issue 12' }]);
    const comparison = compareReports(sampleReport(failing), known);
    expect(comparison).toMatchObject({ requirements: [], cases: [], isWorse: false });
    expect(compareReports(known, sampleReport([sampleCase('pass')])).requirements).toMatchObject([
      { change: 'fixed', before: 'known' },
    ]);
  });
});

describe('a warning tells what keeps reports from being comparable', () => {
  const report = makeOutcomes({ 'body/a': 'pass' });

  test.each<[string, Partial<Report>, RegExp]>([
    ['the contract', { contract: { ...report.contract, sha256: 'f'.repeat(64) } }, /contract: .*\(sha256 f{12}\)$/],
    ['the tool', { tool: { ...report.tool, version: '9.0.0' } }, /tool: transfer-contract 0\.1\.0, then .* 9\.0\.0$/],
    ['the target', { target: { name: 'The mock', origin: 'http://127.0.0.1' } }, /target: .*, then The mock$/],
    [
      'the profiles',
      { settings: { ...report.settings, profile: ['core', 'bulk'] } },
      /--profile: core, then core bulk$/,
    ],
    ['the choice of cases', { settings: { ...report.settings, only: ['body'] } }, /--only: left out, then body$/],
    ['strictness', { settings: { ...report.settings, strict: true } }, /--strict: false, then true$/],
    ['limits', { settings: { ...report.settings, timeout: 9 } }, /--timeout: 5000, then 9$/],
    ['the seed', { fuzz: { seed: 7, values: 50 } }, /values: none, then seed 7$/],
  ])('%s', (_, members, warning) => {
    expect(compareReports(report, { ...report, ...members }).warnings).toEqual([expect.stringMatching(warning)]);
  });

  test('and there is none where they are', () => {
    expect(compareReports(report, report)).toMatchObject({ warnings: [], isWorse: false });
  });
});

describe('a comparison is printed', () => {
  const comparison = compareReports(
    makeOutcomes({ 'body/a': 'pass', 'body/b': 'fail' }),
    makeOutcomes({ 'body/a': 'fail', 'body/b': 'pass' }, { target: { name: '<The mock>', origin: '' } }),
  );

  test('for a terminal, with the verdict as the last line', () => {
    expect(comparisonText(comparison).split('\n')).toEqual([
      'Warning: The reports differ in the target: https://pbx.example.com/api, then <The mock>',
      'Broken: 1 requirement',
      '  body/a: met before, violated now',
      '',
      'Broken: 1 case',
      '  body/a/case: pass before, fail now',
      '',
      'Fixed: 1 requirement',
      '  body/b: violated before, met now',
      '',
      'Fixed: 1 case',
      '  body/b/case: fail before, pass now',
      '',
      'Verdict: not conforming, as before',
    ]);
  });

  test('as Markdown, in which nothing of the reports is markup', () => {
    const markdown = comparisonMarkdown(comparison);
    expect(markdown).toMatch(/^## Verdict: not conforming, as before\n\n<pre>\n.*then &lt;The mock&gt;\n<\/pre>\n/);
    expect(markdown).toContain('### Broken: 1 requirement\n\n<pre>\nbody/a: met before, violated now\n</pre>\n');
  });

  test('with fifty of a kind at most', () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`body/${index}`, 'pass' as const]));
    const lines = comparisonText(compareReports(makeOutcomes({}), makeOutcomes(many))).split('\n');
    expect(lines.filter((line) => /^ {2}body\//.test(line))).toHaveLength(100);
    expect(lines.filter((line) => line === '  and 10 more')).toHaveLength(2);
  });

  test('in one line, where nothing changed', () => {
    const report = makeOutcomes({ 'body/a': 'pass' });
    expect(comparisonText(compareReports(report, report))).toBe('Verdict: conforming, as before; nothing changed');
  });
});
