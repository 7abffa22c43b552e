import { expect, expectTypeOf, test } from 'vitest';
import type { CaseResult as RunResult } from '../run/result.ts';
import type { CaseResult } from './model.ts';
import { formats, jsonReport } from './report-files.ts';
import { findReportProblem } from './model.ts';
import { sampleCase, sampleExchange, sampleReport, sampleRequirement, sampleRun } from './testing/samples.ts';

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

test('many cases whose answers are long make a report of less than 10 MB, as every format', () => {
  const text = 'x'.repeat(4096);
  const headers = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`x-${index}`, 'y'.repeat(50)]));
  const response = {
    status: 200,
    headers,
    body: { length: 1_000_000, text: `${text}… (1000000 characters)` },
    duration: 1,
  };
  const cases = Array.from({ length: 400 }, (_, index) =>
    sampleCase('fail', { id: `body/number/${index}`, exchanges: [{ ...sampleExchange, response }] }),
  );
  const report = sampleReport(cases);
  for (const [name, write] of Object.entries(formats))
    expect([name, write(report).length < 10_000_000]).toEqual([name, true]);
  const [exchange] = report.cases[0]?.exchanges ?? [];
  expect(exchange?.response?.headers['…']).toMatch(/^\d+ more fields$/);
  expect(sampleReport([cases[0] as CaseResult]).cases[0]?.exchanges[0]?.response?.body).toEqual(response.body);
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
