import { afterAll, expect, inject, test } from 'vitest';
import { selectedCases } from './cases/cases.ts';
import { suiteOf } from './cases/suite.ts';
import { readContract } from './contract/contract.ts';
import { readRequirements } from './contract/requirements.ts';
import { startRun } from './run/execute.ts';
import './suite-input.ts';
import { loadCallSource } from './target/call-source.ts';

const { target, contract, register, selection, calls } = inject('conformance');
const suite = suiteOf(readContract(contract), readRequirements(register));
const run = startRun(suite, target, calls === undefined ? undefined : await loadCallSource(calls));
// Each call has its own limit. Vitest demands a pattern.
// oxlint-disable-next-line no-empty-pattern
afterAll(async ({}, file) => {
  file.meta.remarks = await run.close();
}, 0);

const cases = await selectedCases(suite, target.fixture, selection);

test.concurrent.for(cases)('$id $title', async (testCase, { task, skip }) => {
  const result = await run.execute(testCase);
  task.meta.result = result;
  if (result.verdict === 'unreached') skip(result.reason);
  expect(result.verdict).not.toMatch(/^(?:fail|error)$/);
});
