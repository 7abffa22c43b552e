import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Check } from '../../../conformance/checks/check.ts';
import { findSubject } from './catalogue.ts';
import { readWitnesses } from './page.ts';
import { casesAbout, listCatalogueCases, listChecks, trySubject, type Choice } from './trial.ts';

const page = readFileSync(new URL('../PROOF.md', import.meta.url), 'utf8');
const witnesses = readWitnesses(page).filter(({ check }) => check !== undefined);

/** Takes one check out of all cases. */
function without(choose: Choice, { requirement, check }: (typeof witnesses)[number]): Choice {
  return (cases) =>
    choose(cases).flatMap((testCase) => {
      const left = testCase.checks.filter((other) => other.requirement !== requirement || other.name !== check);
      return left.length === 0 ? [] : [{ ...testCase, checks: left as [Check, ...Check[]] }];
    });
}

test('the page names a fault for every check', () => {
  const checks = listChecks(listCatalogueCases()).map(({ requirement, name }) => `${requirement}: ${name}`);
  expect(witnesses.map(({ requirement, check }) => `${requirement}: ${check}`)).toEqual(checks);
});

// The proof tries all of them, and sees that no other check of the requirement finds the fault.
const some = witnesses.filter((_, index) => index % 8 === 0);

describe.concurrent('a fault survives without', () => {
  test.each(some)('$requirement: $check', async (witness) => {
    const { requirement, fault } = witness;
    const server = await findSubject(`fault ${fault}`);
    const findings = async (choose: Choice) =>
      (await trySubject(server, choose)).findings.map((finding) => finding.requirement);
    const choose = casesAbout(requirement);
    expect(await findings(choose), `${fault} with all checks`).toContain(requirement);
    expect(await findings(without(choose, witness)), `${fault} without the check`).not.toContain(requirement);
  });
});
