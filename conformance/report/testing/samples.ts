import { defaultOptions, pickSettings } from '../../cli/options.ts';
import type { Requirement } from '../../contract/requirements.ts';
import { excuseKnown, type KnownFailure } from '../known.ts';
import type { CaseResult, CaseVerdict, Exchange, Report } from '../model.ts';
import { makeReport, type RunDescription } from '../report.ts';
import { judge } from '../verdict.ts';

export const sampleRun: RunDescription = {
  tool: { name: 'transfer-contract', version: '0.1.0' },
  contract: {
    title: 'Transfer PhoneCalls',
    version: '0.1.0',
    sha256: 'c0ffee'.padEnd(64, '0'),
    source: 'spec/openapi.yaml',
  },
  lines: { '/components/schemas/Number': 17 },
  target: { name: 'https://pbx.example.com/api', origin: 'https://pbx.example.com' },
  settings: pickSettings(defaultOptions),
  startedAt: Date.UTC(2026, 10, 23, 12),
  duration: 1234,
  remarks: [],
};

export const sampleRequirement: Requirement = {
  id: 'body/number',
  level: 'MUST',
  profile: 'core',
  says: 'A number is a number.',
  source: 'page',
  at: '/components/schemas/Number',
};

export const sampleExchange: Exchange = {
  request: {
    method: 'PUT',
    path: '/api/calls/1',
    headers: { authorization: 'Bearer $CONFORMANCE_TOKEN', 'content-type': 'application/json' },
    body: '{"number":"abc"}',
  },
  response: {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: { length: 2, text: '{}', problem: undefined },
    duration: 3,
  },
  failure: undefined,
};

/** Makes a case, which breaks its requirement if its verdict is `fail` or `warn`. */
export function sampleCase(verdict: CaseVerdict, members: Partial<CaseResult> = {}, actual = '200'): CaseResult {
  const violations = ['fail', 'warn'].includes(verdict) ? [{ at: 'status', expected: '400', actual }] : [];
  const { requirement = sampleRequirement.id } = members;
  const outcome = violations.length > 0 ? 'violated' : 'met';
  return {
    id: `body/number/${verdict}`,
    requirement,
    title: 'refuses what is no number',
    verdict,
    reason: undefined,
    control: undefined,
    answers: [actual],
    accepted: false,
    checks: [{ check: 'is refused', requirement, outcome, violations }],
    exchanges: [sampleExchange],
    duration: 10.4,
    ...members,
  };
}

export function sampleReport(
  cases: readonly CaseResult[],
  requirements: readonly Requirement[] = [sampleRequirement],
  known: readonly Omit<KnownFailure, 'line' | 'lastLine'>[] = [],
): Report {
  const judgement = { profiles: ['core'], strict: false, partial: false };
  const failures = known.map((failure, index) => ({ ...failure, line: index + 1, lastLine: index + 1 }));
  const ids = new Set([...requirements, ...cases].map(({ id }) => id));
  const circumstances = { today: '2026-11-23', ids, incomplete: new Set<string>() };
  const outcome = excuseKnown(judge(requirements, cases, judgement), { file: 'known.yaml', failures }, circumstances);
  return makeReport(outcome, sampleRun);
}
