import { describe, expect, test } from 'vitest';
import type { CaseResult } from './model.ts';
import { sampleRun } from './testing/samples.ts';
import { findOverallCause } from './hints.ts';
import { makeReport } from './report.ts';
import type { Verdict } from './model.ts';

/** A case that should be refused with 400. */
function answered(id: string, answer: string, changes: Partial<CaseResult> = {}): CaseResult {
  const violations = [{ at: 'status', expected: '400 own_code', actual: answer }];
  return {
    id,
    requirement: 'body/to',
    title: id,
    verdict: 'fail',
    reason: undefined,
    control: 'transfer/plain',
    answers: [answer],
    accepted: false,
    checks: [{ check: 'is refused', requirement: 'body/to', outcome: 'violated', violations }],
    exchanges: [],
    duration: 1,
    ...changes,
  };
}

function cause(cases: CaseResult[], verdict: Verdict = 'not conforming'): string | undefined {
  return findOverallCause(makeReport({ verdict, requirements: [], cases }, sampleRun));
}

describe('one answer to every request', () => {
  test.each([
    ['401 access_denied', 'Every request was answered 401: is CONFORMANCE_TOKEN right, and not expired?'],
    ['404 own_unknown', 'Every request was answered 404: do --user, --extension and --call name a live call?'],
  ])('%s', (answer, expected) => {
    expect(cause([answered('transfer/plain', answer), answered('body/to/null', answer)])).toBe(expected);
  });

  test('404 without a code: the path', () => {
    const told = cause([answered('transfer/plain', '404'), answered('body/to/null', '404')]);
    expect(told).toContain('Every request was answered 404: is the path of the URL right?');
    expect(told).toContain('https://pbx.example.com/api/uapi/phoneCalls/…');
  });

  test('none at all', () => {
    expect(cause([answered('transfer/plain', 'time-out')])).toContain('Every request was answered with no complete');
  });
});

describe('answers that differ', () => {
  const refused = answered('body/to/null', '400 own_code', { checks: [], verdict: 'pass' });

  test('tell of the control that was refused', () => {
    expect(cause([answered('transfer/plain', '403 access_denied', { control: undefined }), refused])).toBe(
      'A valid transfer, transfer/plain, was answered 403 access_denied: may the user of CONFORMANCE_TOKEN transfer this call?',
    );
  });

  test('tell why the control proves nothing, where the run knows it', () => {
    const control = { control: undefined, verdict: 'unreached', reason: 'the call is not live' } as const;
    expect(cause([answered('transfer/plain', '400 own_unknown', control), refused])).toBe(
      'A valid transfer, transfer/plain, was answered 400 own_unknown: the call is not live.',
    );
  });

  test('tell nothing where the control was accepted', () => {
    const control = answered('transfer/plain', '200', { control: undefined, accepted: true, checks: [] });
    expect(cause([control, refused, answered('body/to/number', '200')])).toBeUndefined();
  });
});

test('a server that is right has no cause of failure, whatever it answers', () => {
  expect(cause([answered('transfer/plain', '401')], 'conforming')).toBeUndefined();
});

test('refusals that are as expected are not the cause of what else is broken in them', () => {
  const violations = [{ at: '/error/message', expected: 'a text', actual: 'nothing' }];
  const checks = [{ check: 'is JSON', requirement: 'errors/body', outcome: 'violated', violations }] as const;
  expect(cause([answered('authorization/missing', '401 access_denied', { checks })])).toBeUndefined();
});
