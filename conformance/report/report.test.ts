import { expect, expectTypeOf, test } from 'vitest';
import type { CaseResult as RunResult } from '../run/result.ts';
import type { CaseResult } from './model.ts';
import { jsonReport } from './report-files.ts';
import { findReportProblem } from './model.ts';
import { sampleCase, sampleReport, sampleRequirement, sampleRun } from './testing/samples.ts';

test('report.json tells everything, for programs', () => {
  const text = jsonReport(sampleReport([sampleCase('fail')]));
  expect(text).toMatch(/^\{[^]+\}\n$/);
  expect(JSON.parse(text)).toMatchObject({
    $schema: 'urn:transfer-contract:report:3',
    version: 3,
    verdict: 'not conforming',
    target: sampleRun.target,
    duration: 1234,
    requirements: [{ ...sampleRequirement, line: 17, outcome: 'violated', cases: ['body/number/fail'] }],
    cases: [{ id: 'body/number/fail', verdict: 'fail', duration: 10.4, checks: [{ violations: [{ actual: '200' }] }] }],
  });
});

test('totals count the generated values of all cases', () => {
  const generated = (tried: number) => sampleCase('pass', { fuzz: { seed: 42, tried, steps: 0 } });
  expect(sampleReport([sampleCase('pass'), generated(1200), generated(50)]).fuzz).toEqual({ seed: 42, values: 1250 });
  expect(sampleReport([sampleCase('pass')]).fuzz).toBeUndefined();
});

test('the schema accepts a report, and names the place of what it does not accept', () => {
  const report = JSON.parse(jsonReport(sampleReport([sampleCase('fail')]))) as { cases: object[] };
  expect(findReportProblem(report)).toBeUndefined();
  expect(findReportProblem({ ...report, cases: [{ ...report.cases[0], verdict: 'good' }] })).toMatch(
    /^\/cases\/0\/verdict: expected one of/,
  );
  expect(findReportProblem([])).toMatch(/^it: /);
});

test('the schema has the members that results of a run have', () => {
  expectTypeOf<keyof RunResult>().toEqualTypeOf<keyof CaseResult>();
  type Exchange<Result extends { exchanges: readonly unknown[] }> = keyof Result['exchanges'][number];
  expectTypeOf<Exchange<RunResult>>().toEqualTypeOf<Exchange<CaseResult>>();
  type Check<Result extends { checks: readonly unknown[] }> = keyof Result['checks'][number];
  expectTypeOf<Check<RunResult>>().toEqualTypeOf<Check<CaseResult>>();
});
