import { describe, expect, test } from 'vitest';
import { parseContract, operationById, readContract } from './contract.ts';
import { listConstraints } from './constraints.ts';
import { readErrorCode, documentedCodes, findRefusal, statusIsAmong } from './refusal.ts';

const contract = readContract();
const transfer = operationById(contract, 'transferPhoneCall');

describe('the refusal of a broken', () => {
  test.each([
    ['userId', ['400'], 'user_invalid'],
    ['extension', ['400'], 'extension_invalid'],
    ['phoneCallId', ['400'], 'pc_phoncall_invalid'],
    ['sendCallTo', ['400'], 'pc_sendcallto_invalid'],
    ['transferFromNumber', ['400'], 'pc_transfer_from_number_invalid'],
    ['transferNumber', ['400'], 'pc_transfer_number_invalid'],
    ['action', ['4XX', '501'], undefined],
  ])('%s', (name, statuses, code) => {
    const constraints = listConstraints(contract, transfer).filter((constraint) => constraint.name === name);
    expect(constraints.map((constraint) => findRefusal(transfer, constraint))).toEqual([{ statuses, code }]);
  });

  test('body', () => {
    const open = { statuses: ['4XX'], code: undefined };
    expect(transfer.body && findRefusal(transfer, transfer.body)).toEqual(open);
  });

  test('token', () => {
    const refusals = transfer.security.map((scheme) => findRefusal(transfer, scheme));
    expect(refusals).toEqual([{ statuses: ['401', '403'], code: undefined }]);
  });
});

test('a code that no example shows is named', () => {
  const binding = { errorCode: 'pc_unheard_of', refusedWith: undefined };
  expect(() => findRefusal(transfer, binding)).toThrow(
    'The contract names the error code pc_unheard_of, but no example of transferPhoneCall shows it: add one.',
  );
});

test.each([
  [{ error: { code: 'access_denied' } }, 'access_denied'],
  [{ error: { code: 401 } }, undefined],
  [['access_denied'], undefined],
  [null, undefined],
  [undefined, undefined],
])('the code of %o is %s', (body, code) => {
  expect(readErrorCode(body)).toBe(code);
});

describe('the codes that are documented for', () => {
  test.each([
    ['401', ['access_denied']],
    ['403', undefined],
    ['204', undefined],
    ['418', undefined],
  ])('%s', (status, codes) => {
    expect(documentedCodes(contract, transfer, status)).toEqual(codes);
  });

  test('400 are one for each part of the request', () => {
    expect(documentedCodes(contract, transfer, '400')).toHaveLength(6);
  });

  test('a status whose schema leaves them open are none', () => {
    const open = parseContract({
      paths: { '/': { put: { responses: { '400': { content: { 'application/json': { schema: {} } } } } } } },
    });
    expect(open.operations.map((operation) => documentedCodes(open, operation, '400'))).toEqual([undefined]);
  });
});

test.each([
  [400, ['400'], true],
  [400, ['401', '403'], false],
  [404, ['4XX'], true],
  [500, ['4XX'], false],
  [501, ['4XX', '501'], true],
])('%i among %o: %s', (status, statuses, expected) => {
  expect(statusIsAmong(status, statuses)).toBe(expected);
});
