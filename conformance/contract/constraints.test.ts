import { describe, expect, test } from 'vitest';
import { listConstraints } from './constraints.ts';
import { parseContract, operationById, readContract } from './contract.ts';
import type { JsonObject } from './json.ts';

describe('the constraints of the transfer', () => {
  const contract = readContract();
  const constraints = listConstraints(contract, operationById(contract, 'transferPhoneCall'));

  test('are its path parameters, then the properties of its body', () => {
    expect(constraints.map(({ place, name, required, errorCode }) => [place, name, required, errorCode])).toEqual([
      ['path', 'userId', true, 'user_invalid'],
      ['path', 'extension', true, 'extension_invalid'],
      ['path', 'phoneCallId', true, 'pc_phoncall_invalid'],
      ['body', 'action', true, 'request_not_implemented'],
      ['body', 'sendCallTo', true, 'pc_sendcallto_invalid'],
      ['body', 'transferFromNumber', true, 'pc_transfer_from_number_invalid'],
      ['body', 'transferNumber', false, 'pc_transfer_number_invalid'],
    ]);
  });

  test('point to where they are defined', () => {
    const number = '/components/schemas/PhoneCallAction/properties/sendCallTo';
    expect(constraints.find(({ name }) => name === 'sendCallTo')).toMatchObject({
      pointer: number,
      schema: { type: 'string', pattern: expect.any(String) },
    });
  });
});

describe('the constraints of an operation', () => {
  const constraintsWith = (body: JsonObject, parameters: JsonObject[] = []) => {
    const requestBody = { content: { 'application/json': { schema: body } } };
    const contract = parseContract({ paths: { '/calls': { put: { parameters, requestBody } } }, components });
    return contract.operations.flatMap((operation) => listConstraints(contract, operation));
  };
  const components = { schemas: { Number: { type: 'string', 'x-error-code': 'number_invalid' } } };

  test('take the code that stands beside a reference before the one behind it', () => {
    const reference = { $ref: '#/components/schemas/Number' };
    const [plain, bound] = constraintsWith({
      properties: { plain: reference, bound: { ...reference, 'x-error-code': 'bound_invalid' } },
    });
    expect([plain?.errorCode, bound?.errorCode]).toEqual(['number_invalid', 'bound_invalid']);
    expect(bound?.schema).toHaveProperty('type', 'string');
  });

  test('have pointers that lead through names with slashes', () => {
    const [constraint] = constraintsWith({ properties: { 'send/to': { type: 'string' } } });
    expect(constraint?.pointer).toMatch(/\/properties\/send~1to$/);
  });

  test('are those of the query and of headers too, but not of cookies or of headers that OpenAPI ignores', () => {
    const parameter = (name: string, place: string): JsonObject => ({ name, in: place, schema: { type: 'string' } });
    const parameters = [
      parameter('verbose', 'query'),
      parameter('X-Trace', 'header'),
      parameter('Accept', 'header'),
      parameter('session', 'cookie'),
    ];
    expect(constraintsWith({ type: 'object' }, parameters).map(({ place, name }) => `${place} ${name}`)).toEqual([
      'query verbose',
      'header X-Trace',
    ]);
  });
});
