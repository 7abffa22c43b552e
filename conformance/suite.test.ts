import { afterAll, expect, test } from 'vitest';
import './suite-input.ts';
import { runUnderWay } from './suite-run.ts';

const run = runUnderWay();

// Each call has its own limit. Vitest demands a pattern.
// oxlint-disable-next-line no-empty-pattern
afterAll(async ({}, file) => {
  file.meta.epilogue = await run.close();
}, 0);

test.concurrent.for(run.cases)('$id $title', async (testCase, { task, skip }) => {
  const result = await run.resultOf(testCase);
  task.meta.result = result;
  if (result.verdict === 'unreached') skip(result.reason);
  expect(result.verdict).not.toMatch(/^(?:fail|error)$/);
});
