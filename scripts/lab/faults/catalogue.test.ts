import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { faults } from './catalogue.ts';

interface Row {
  readonly id: string;
  readonly excluded?: string;
}

const register = parse(readFileSync('spec/requirements.yaml', 'utf8')) as Row[];
const testable = register.filter(({ excluded }) => excluded === undefined).map(({ id }) => id);

test('there are enough faults, each with a unique id', () => {
  expect(faults.length).toBeGreaterThanOrEqual(600);
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
});

test('every id names a family and a fault, and every description is a sentence', () => {
  for (const { id, says } of faults) {
    expect(id).toMatch(/^[A-Za-z_-]+\/[A-Za-z0-9_-]+$/);
    expect(says).toMatch(/^[A-Z@].*\.$/);
  }
});

test('every fault names a requirement that can be tested, or a wrong answer', () => {
  const isNamed = ({ requirement, wrongAnswer }: (typeof faults)[number]) =>
    requirement === undefined ? wrongAnswer !== undefined : testable.includes(requirement);
  expect(faults.filter((fault) => !isNamed(fault))).toEqual([]);
});
