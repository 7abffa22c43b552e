import { describe, expect, test } from 'vitest';
import { listConstraints } from './constraints.ts';
import { operationById, readContract } from './contract.ts';
import { completeRegister, requirementFor, type Requirement } from './requirements.ts';

const row: Requirement = {
  id: 'body/number',
  level: 'MUST',
  profile: 'core',
  says: 'A number is a number.',
  source: 'page',
  at: '/components/schemas/Number',
};

describe('requirementFor', () => {
  const rows: Requirement[] = [
    { ...row, id: 'without-keywords' },
    { ...row, id: 'for-all', keywords: ['*'] },
    { ...row, id: 'for-pattern', keywords: ['type', 'pattern'] },
    { ...row, id: 'elsewhere', at: '/elsewhere', keywords: ['required'] },
  ];

  test.each([
    ['pattern', 'for-pattern'],
    ['type', 'for-pattern'],
    ['required', 'for-all'],
  ])('finds for %s the row %s', (keyword, id) => {
    expect(requirementFor(rows, row.at, keyword).id).toBe(id);
  });

  test('takes a row about another keyword, and says which row is missing', () => {
    expect(requirementFor(rows, '/elsewhere', 'pattern').id).toBe('elsewhere');
    expect(() => requirementFor(rows, '/nowhere', 'pattern')).toThrow(
      'The register has no requirement for pattern at /nowhere: add a row to it.',
    );
  });
});

describe('completeRegister', () => {
  const contract = readContract();
  const transfer = operationById(contract, 'transferPhoneCall');
  const constraints = listConstraints(contract, transfer);

  test('adds what the contract demands and the register does not name', () => {
    const added = completeRegister([row], transfer, constraints).slice(1);
    expect(added.map(({ id }) => id)).toEqual(constraints.map(({ place, name }) => `${place}/${name}`));
    expect(added.find(({ id }) => id === 'body/sendCallTo')).toEqual({
      id: 'body/sendCallTo',
      level: 'MUST',
      profile: 'core',
      says: 'A request whose sendCallTo is missing or invalid is refused with 400 and pc_sendcallto_invalid.',
      source: 'contract',
      at: '/components/schemas/PhoneCallAction/properties/sendCallTo',
      keywords: ['*'],
    });
    expect(added.find(({ id }) => id === 'body/action')?.says).toBe(
      'A request whose action is missing or invalid is refused with 4XX or 501.',
    );
  });

  test('does not take a row for one about a constraint because it points there', () => {
    const pointer = '/components/parameters/UserId';
    const ids = (keywords?: string[]) =>
      completeRegister([{ ...row, at: pointer, ...(keywords && { keywords }) }], transfer, constraints).map(
        ({ id }) => id,
      );
    expect(ids()).toContain('path/userId');
    expect(ids(['pattern'])).not.toContain('path/userId');
  });

  test('adds nothing for a constraint without a code', () => {
    const free = constraints.map((constraint) => ({ ...constraint, errorCode: undefined, refusedWith: undefined }));
    expect(completeRegister([row], transfer, free)).toEqual([row]);
  });
});
