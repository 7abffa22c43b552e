import { AssertionError } from 'node:assert';
import { afterAll, describe, inject, test } from 'vitest';
import type { CaseResult } from './run/result.ts';
import { prepareSuite } from './suite-run.ts';

const run = await prepareSuite(inject('suite'));

// Vitest demands a pattern.
// oxlint-disable-next-line no-empty-pattern
afterAll(async ({}, file) => {
  file.meta.epilogue = await run.close();
});

describe.for(run.groups)('$name', ({ cases, sideBySide }) => {
  const tests = sideBySide ? test.concurrent : test;
  tests.for(cases)('$id $title', async (testCase, { task, signal, skip }) => {
    const result = await run.perform(testCase, signal);
    task.meta.result = result;
    if (result.verdict === 'unreached') skip(result.reason);
    assertPassed(result);
  });
});

/** @throws AssertionError with what was expected and what came, if a case failed. */
function assertPassed({ verdict, reason, checks }: CaseResult): void {
  if (verdict === 'error') throw new Error(reason);
  if (verdict !== 'fail') return;
  const violations = checks.flatMap(({ requirement, violations: own }) =>
    own.map(({ at, expected, actual }) => ({ place: `${requirement} at ${at}`, expected, actual })),
  );
  throw new AssertionError({
    message: violations
      .map(({ place, expected, actual }) => `${place}: expected ${expected}, got ${actual}`)
      .join('\n'),
    expected: Object.fromEntries(violations.map(({ place, expected }) => [place, expected])),
    actual: Object.fromEntries(violations.map(({ place, actual }) => [place, actual])),
  });
}
