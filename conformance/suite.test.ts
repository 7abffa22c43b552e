import { afterAll, expect, inject, test } from 'vitest';
import { selectedCases } from './cases/cases.ts';
import { suiteOf } from './cases/suite.ts';
import { readContract } from './contract/contract.ts';
import { selfCheckOf, type RecordedCase } from './run/corrupted-run.ts';
import { startRun, type RunObserver } from './run/execute.ts';
import { interruptionSignal } from './run/interruption.ts';
import './suite-input.ts';
import { loadCallSource } from './target/call-source.ts';

const { target, contract, requirements, selection, calls, selfCheck, interruption } = inject('conformance');
const suite = suiteOf(readContract(contract), requirements);
const source = calls === undefined ? undefined : await loadCallSource(calls);
const recorded: RecordedCase[] = [];
const observe: RunObserver = (testCase, exchanges) => {
  // Generated values are many, and the same as others to what answers them.
  if (selfCheck && !('recipes' in testCase)) recorded.push({ testCase, exchanges });
};
const run = startRun(suite, target, { source, observe, signal: interruptionSignal(interruption) });
// Each call has its own limit. Vitest demands a pattern.
// oxlint-disable-next-line no-empty-pattern
afterAll(async ({}, file) => {
  file.meta.remarks = await run.close();
  if (!selfCheck) return;
  // What corrupts answers is not loaded by runs that need none.
  const { corruptionsOf } = await import('./servers/corruptions/catalogue.ts');
  file.meta.selfCheck = selfCheckOf(suite, cases, recorded, corruptionsOf(suite.contract));
}, 0);

const cases = await selectedCases(suite, target.fixture, selection);

test.concurrent.for(cases)('$id $title', async (testCase, { task, skip }) => {
  const result = await run.execute(testCase);
  task.meta.result = result;
  if (result.verdict === 'unreached') skip(result.reason);
  expect(result.verdict).not.toMatch(/^(?:fail|error)$/);
});
