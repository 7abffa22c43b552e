import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { exampleFixture } from '../call/fixture.ts';
import { allCases } from './cases.ts';
import { selectCases } from './select.ts';
import { createSuite } from './suite.ts';

const contract = readContract();
const suite = createSuite(contract, readRequirements());
const phases = ['keeps', 'watches', 'reads', 'moves', 'moves all', 'ends'];
const ids = (fixture = {}) => allCases(suite, fixture).map(({ id }) => id);

// People name these ids in their reports and with --only: take one out of the list only if that is meant.
test('every id that people know is that of a case', () => {
  const known = readFileSync(new URL('case-ids.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const existing = new Set(ids());
  expect(known.filter((id) => !existing.has(id))).toEqual([]);
  expect(known).toEqual([...new Set(known)].toSorted());
});

test('the cases of a fixture that says what the examples say are those of none', () => {
  expect(ids(exampleFixture(contract))).toEqual(ids());
});

test('the README shows as many cases as a run on the mock has', () => {
  const shown = /^The mock: (\d+) cases/m.exec(readFileSync('README.md', 'utf8'))?.[1];
  expect(Number(shown)).toBe(selectCases(suite, exampleFixture(contract), { profiles: ['core'] }).length);
});

test('cases come in an order in which the call is where it was for as long as possible', () => {
  const effects = allCases(suite, {}).map(({ effect }) => effect);
  expect([...new Set(effects)]).toEqual(phases);
  expect(effects).toEqual(effects.toSorted((one, other) => phases.indexOf(one) - phases.indexOf(other)));
});
