import { describe, expect, test } from 'vitest';
import { judgedOf } from './own-suite.ts';
import { verdictOf as verdictOfDredd } from './dredd.ts';
import { verdictsOf as verdictsOfPrism } from './prism.ts';
import { isAllowed, violationsIn, type ProxyAnswer } from './prism-script.ts';
import { verdictOf as verdictOfRespect } from './respect.ts';
import { script, type ScriptedRequest } from './script.ts';
import { verdictOf as verdictOfStepCi } from './step-ci.ts';

describe('Dredd', () => {
  test.each([
    ['complete: 27 passing, 0 failing, 0 errors, 0 skipped, 27 total', 'passed'],
    ['complete: 26 passing, 1 failing, 0 errors, 0 skipped, 27 total', 'failed'],
    ['complete: 26 passing, 0 failing, 1 errors, 0 skipped, 27 total', 'failed'],
    ['complete: 0 passing, 0 failing, 0 errors, 0 skipped, 0 total', 'crashed'],
    ['RangeError: Maximum call stack size exceeded', 'crashed'],
  ])('%s: %s', (output, verdict) => {
    expect(verdictOfDredd({ output, timedOut: false })).toBe(verdict);
  });
});

describe('Step CI', () => {
  test.each([
    ['Workflow passed after 0.561s', 0, 'passed'],
    ['Workflow failed after 0.561s', 5, 'failed'],
    ['TypeError: given.includes is not a function', 1, 'crashed'],
  ])('%s: %s', (output, exitCode, verdict) => {
    expect(verdictOfStepCi({ output, exitCode, timedOut: false })).toBe(verdict);
  });

  test('no end in time', () => {
    expect(verdictOfStepCi({ output: ' PASS  read', exitCode: undefined, timedOut: true })).toBe('timed out');
  });
});

describe('Respect', () => {
  test.each([
    ['  Workflows: 28 passed, 28 total', 'passed'],
    ['  Workflows: 27 passed, 1 failed, 28 total', 'failed'],
    ['  Workflows: 28 failed, 28 total', 'failed'],
    ['Error: cannot read the description', 'crashed'],
  ])('%s: %s', (output, verdict) => {
    expect(verdictOfRespect({ output, timedOut: false })).toBe(verdict);
  });
});

describe('Prism', () => {
  const silent = { violations: [], differences: [], unanswered: 0 };

  test.each([
    [silent, false, ['passed', 'passed']],
    [{ ...silent, violations: ['read: must be string'] }, false, ['failed', 'failed']],
    [{ ...silent, differences: ['read: answered 404'] }, false, ['passed', 'failed']],
    [{ ...silent, unanswered: 1 }, false, ['timed out', 'failed']],
    [{ ...silent, unanswered: 1 }, true, ['crashed', 'failed']],
  ])('%j, ended: %s', (result, ended, verdicts) => {
    expect(verdictsOfPrism(result, ended)).toEqual(verdicts);
  });

  const answer: ProxyAnswer = { status: 200, mediaType: 'application/json', violations: undefined, body: {} };

  test('violations of the request are not counted', () => {
    const violations = JSON.stringify([
      { location: ['request', 'body'], message: 'ours' },
      { location: ['response', 'body'], message: 'theirs' },
    ]);
    expect(violationsIn({ ...answer, violations })).toEqual(['theirs']);
  });

  test('an error of the proxy itself is counted', () => {
    const body = { type: 'https://stoplight.io/prism/errors#UNKNOWN', detail: 'ECONNRESET' };
    expect(violationsIn({ ...answer, mediaType: 'application/problem+json', body })).toHaveLength(1);
  });

  test.each([
    ['to-public-number', 200, { id: 'b817d2618fe6f1804333' }, true],
    ['to-public-number', 200, { id: 'another' }, false],
    ['to-public-number', 204, undefined, true],
    ['to-public-number', 201, { id: 'b817d2618fe6f1804333' }, false],
    ['unknown-call', 400, { error: { code: 'pc_phoncall_invalid' } }, true],
    ['unknown-call', 400, { error: { code: 'pc_phonecall_invalid' } }, false],
    ['unknown-call', 404, { error: { code: 'pc_phoncall_invalid' } }, false],
    ['token-missing', 403, { error: { code: 'anything' } }, true],
  ])('%s answered with %s and %j: %s', (id, status, body, allowed) => {
    const request = script.find((one) => one.id === id) as ScriptedRequest;
    expect(isAllowed({ ...answer, status, body }, request)).toBe(allowed);
  });
});

describe('this suite', () => {
  const trial = {
    kind: 'fault',
    id: 'a/b',
    verdict: 'conforming',
    findings: [],
    errors: [],
    leaks: [],
    requests: 1,
    duration: 1,
  } as const;
  const warned = { requirement: 'success/link', outcome: 'warned', checks: [] } as const;

  test.each([
    [trial, 'passed'],
    [{ ...trial, findings: [warned] }, 'failed'],
    [{ ...trial, findings: [warned], errors: ['an error of the suite'] }, 'crashed'],
  ] as const)('%j: %s', (one, verdict) => {
    expect(judgedOf(one).verdict).toBe(verdict);
  });
});
