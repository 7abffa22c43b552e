import process from 'node:process';
import { allCases } from '../../conformance/cases/cases.ts';
import { suiteOf } from '../../conformance/cases/suite.ts';
import { readContract } from '../../conformance/contract/contract.ts';
import { readRequirements } from '../../conformance/contract/requirements.ts';

/** Prints the register, with the cases that prove each requirement. Sends nothing. */
export function listRequirements(): number {
  const suite = suiteOf(readContract(), readRequirements());
  const cases = allCases(suite, {});
  for (const { id, level, profile, says, excluded } of suite.requirements) {
    const proofs = cases.filter(({ checks }) => checks.some(({ requirement }) => requirement === id));
    const about = excluded === undefined ? `${proofs.length} cases` : `excluded: ${excluded}`;
    process.stdout.write(`${id.padEnd(40)} ${level.padEnd(6)} ${profile.padEnd(5)} ${about}\n    ${says}\n`);
    for (const proof of proofs.filter(({ requirement }) => requirement === id)) {
      process.stdout.write(`      ${proof.id}\n`);
    }
  }
  return 0;
}
