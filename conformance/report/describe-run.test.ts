import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readRequirements } from '../contract/requirements.ts';
import { contractLines, contractSource, findLines } from './describe-run.ts';

const yaml = `info: {title: T}
paths:
  # a comment
  /calls/{id}:
    put:
      tags:
        - one

        - two
      responses:
        '400': {}
        404: {}
`;

describe('the line of a place', () => {
  test.each([
    ['/info/title', 1],
    ['/paths', 2],
    ['/paths/~1calls~1{id}', 4],
    ['/paths/~1calls~1{id}/put/tags/1', 9],
    ['/paths/~1calls~1{id}/put/responses/400', 11],
    ['/paths/~1calls~1{id}/put/responses/404', 12],
    ['/paths/nowhere', undefined],
    ['/info/title/deeper', undefined],
    ['/paths/~1calls~1{id}/put/tags/2', undefined],
  ])('%s', (pointer, line) => {
    expect(findLines(yaml, [pointer])[pointer]).toBe(line);
  });
});

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
