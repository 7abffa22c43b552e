import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { controlCase } from '../../../conformance/cases/case.ts';
import type { Check } from '../../../conformance/checks/check.ts';
import type { Witness } from './assessment.ts';
import { readWitnesses } from './page.ts';
import { faultsAmong, subjects } from './subjects.ts';
import { listChecks, prepareExamination, trySubject, type Examination } from './trial.ts';

const examination = prepareExamination();
const witnesses = readWitnesses(readFileSync(new URL('../PROOF.md', import.meta.url), 'utf8'));

/** Reduces the suite to the cases that can find a requirement violated. */
function about(requirement: string): Examination {
  const cases = examination.cases.filter(
    ({ id, checks: demanded }) => id === controlCase || demanded.some((check) => check.requirement === requirement),
  );
  return { ...examination, cases };
}

/** Takes one check out of all cases of a suite. */
function without({ cases, ...rest }: Examination, { requirement, check }: Witness): Examination {
  const others = cases.map((testCase) => {
    const left = testCase.checks.filter((other) => other.requirement !== requirement || other.name !== check);
    return { ...testCase, checks: left as [Check, ...Check[]] };
  });
  return { ...rest, cases: others.filter((testCase) => testCase.checks.length > 0) };
}

test('the page names a fault for every check', () => {
  const checks = listChecks(examination).map(({ requirement, name }) => `${requirement}: ${name}`);
  expect(witnesses.map(({ requirement, check }) => `${requirement}: ${check}`)).toEqual(checks);
});

describe.concurrent('a fault survives without', () => {
  test.each(witnesses)('$requirement: $check', { timeout: 120_000 }, async (witness) => {
    const { requirement, fault } = witness;
    const server = faultsAmong(subjects).find(({ id }) => id === fault);
    if (server === undefined) throw new Error(`There is no fault ${fault}: run npm run lab -- proof.`);
    const suite = about(requirement);
    const findings = async (some: Examination) =>
      (await trySubject(some, server)).findings.map((finding) => finding.requirement);
    expect(await findings(suite), `${fault} with all checks`).toContain(requirement);
    expect(await findings(without(suite, witness)), `${fault} without the check`).not.toContain(requirement);
  });
});
