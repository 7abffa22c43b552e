import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { controlCase } from '../../../conformance/cases/case.ts';
import type { Check } from '../../../conformance/checks/check.ts';
import type { FaultResult } from './assessment.ts';
import { dataFile } from './files.ts';
import { faultsAmong, subjects } from './subjects.ts';
import { prepareExamination, trySubject, type Examination } from './trial.ts';

const examination = await prepareExamination();
const { faults } = JSON.parse(readFileSync(dataFile, 'utf8')) as { faults: readonly FaultResult[] };

type Pair = Pick<Check, 'requirement' | 'name'>;

const checks = new Map(
  examination.cases
    .flatMap((testCase): readonly Pair[] => testCase.checks)
    .map(({ requirement, name }) => [`${requirement}: ${name}`, { requirement, name }]),
);

/** The suite, reduced to the cases that can find a requirement violated. */
function about(requirement: string): Examination {
  const cases = examination.cases.filter(
    ({ id, checks: demanded }) => id === controlCase || demanded.some((check) => check.requirement === requirement),
  );
  return { ...examination, cases };
}

/** A suite with one check taken out of all its cases. */
function without({ cases, ...rest }: Examination, taken: Pair): Examination {
  const others = cases.map((testCase) => {
    const left = testCase.checks.filter(
      ({ requirement, name }) => requirement !== taken.requirement || name !== taken.name,
    );
    return { ...testCase, checks: left as [Check, ...Check[]] };
  });
  return { ...rest, cases: others.filter((testCase) => testCase.checks.length > 0) };
}

/** A fault that a requirement finds by one check and by no other. */
function witnessOf({ requirement, name }: Pair) {
  const result = faults.find((fault) => fault.requirement === requirement && fault.checks.join() === name);
  return faultsAmong(subjects).find(({ id }) => id === result?.id);
}

describe.concurrent('taken out, a fault survives', () => {
  test.each([...checks])('%s', { timeout: 120_000 }, async (_title, taken) => {
    const witness = witnessOf(taken);
    if (witness === undefined) {
      throw new Error(
        `No fault of ${taken.requirement} is found by "${taken.name}" alone: add one, and run npm run lab -- proof.`,
      );
    }
    const suite = about(taken.requirement);
    const findings = async (some: Examination) =>
      (await trySubject(some, witness)).findings.map(({ requirement }) => requirement);
    expect(await findings(suite), `${witness.id} with all checks`).toContain(taken.requirement);
    expect(await findings(without(suite, taken)), `${witness.id} without it`).not.toContain(taken.requirement);
  });
});
