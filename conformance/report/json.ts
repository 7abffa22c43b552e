import type { CaseResult } from '../run/result.ts';
import { fuzzTotals } from './fuzz.ts';
import { selfCheckTotals } from './self-check.ts';
import type { RunDescription } from './terminal.ts';
import type { Outcome } from './verdict.ts';

/** The report for programs. */
export function jsonReport(outcome: Outcome, { target, duration, remarks = [], selfCheck }: RunDescription): string {
  const { verdict, requirements, cases } = outcome;
  const report = {
    version: 1,
    verdict,
    target,
    duration: Math.round(duration),
    fuzz: fuzzTotals(cases),
    remarks,
    selfCheck: selfCheck && { totals: selfCheckTotals(selfCheck), ...selfCheck },
    requirements: requirements.map(({ requirement, ...result }) => ({ ...requirement, ...result })),
    cases: cases.map(withRoundedTimes),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function withRoundedTimes(result: CaseResult): CaseResult {
  return { ...result, duration: Math.round(result.duration) };
}
