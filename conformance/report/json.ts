import type { CaseResult } from '../run/result.ts';
import { fuzzTotals } from './fuzz.ts';
import type { RunDescription } from './terminal.ts';
import type { Outcome } from './verdict.ts';

/** The report for programs. */
export function jsonReport(outcome: Outcome, { target, duration, remarks = [] }: RunDescription): string {
  const { verdict, requirements, cases } = outcome;
  const report = {
    version: 1,
    verdict,
    target,
    duration: Math.round(duration),
    fuzz: fuzzTotals(cases),
    remarks,
    requirements: requirements.map(({ requirement, ...result }) => ({ ...requirement, ...result })),
    cases: cases.map(withRoundedTimes),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function withRoundedTimes(result: CaseResult): CaseResult {
  return { ...result, duration: Math.round(result.duration) };
}
