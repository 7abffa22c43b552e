import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRequirements } from '../contract/requirements.ts';
import { contractLines, contractSource } from './describe-run.ts';

test('every row of the register has a line of the contract, which names what its pointer ends with', () => {
  const lines = readFileSync(contractSource, 'utf8').split('\n');
  const pointers = readRequirements().map(({ at }) => at);
  const found = contractLines(pointers);
  const misled = pointers.filter((pointer) => {
    const name = (pointer.split('/').at(-1) ?? '').replaceAll('~1', '/');
    const line = lines[(found[pointer] ?? 0) - 1];
    return line === undefined || !(/^\d+$/.test(name) || line.includes(name));
  });
  expect(misled).toEqual([]);
  expect(pointers.length).toBeGreaterThan(50);
});
