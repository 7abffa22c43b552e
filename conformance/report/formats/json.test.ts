import { describe, expect, test } from 'vitest';
import { describedCase, describedReport, describedRequirement, describedRun } from '../described.ts';
import { jsonReport } from './json.ts';

describe('report.json', () => {
  test('tells everything, for programs', () => {
    const report = JSON.parse(jsonReport(describedReport([describedCase('fail')]))) as unknown;
    expect(report).toMatchObject({
      $schema: 'urn:transfer-contract:report:2',
      version: 2,
      verdict: 'not conforming',
      target: describedRun.target,
      duration: 1234,
      requirements: [{ ...describedRequirement, line: 17, outcome: 'violated', cases: ['body/number/fail'] }],
      cases: [
        { id: 'body/number/fail', verdict: 'fail', duration: 10.4, checks: [{ violations: [{ actual: '200' }] }] },
      ],
    });
  });

  test('ends with a line break', () => {
    expect(jsonReport(describedReport([]))).toMatch(/^\{[^]+\}\n$/);
  });
});
