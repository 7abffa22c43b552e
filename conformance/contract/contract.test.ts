import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBinding, parseContract, operationById, readContract, resolve } from './contract.ts';
import type { JsonObject } from './json.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

describe('the generated contract', () => {
  const contract = readContract();

  test('has three operations, one of them of another profile', () => {
    const operations = contract.operations.map(({ id, method, path, profile }) => [id, method, path, profile]);
    const call = '/uapi/phoneCalls/{userId}/{extension}/{phoneCallId}';
    expect(operations).toEqual([
      ['getPhoneCall', 'GET', call, 'core'],
      ['transferPhoneCall', 'PUT', call, 'core'],
      ['transferAllPhoneCalls', 'PUT', '/uapi/phoneCalls/{userId}/{extension}', 'bulk'],
    ]);
  });

  test('has parameters with their schema, code and examples', () => {
    const { parameters } = operationById(contract, 'transferPhoneCall');
    expect(parameters.map(({ name, place, errorCode }) => [name, place, errorCode])).toEqual([
      ['userId', 'path', 'user_invalid'],
      ['extension', 'path', 'extension_invalid'],
      ['phoneCallId', 'path', 'pc_phoncall_invalid'],
    ]);
    expect(parameters[2]).toMatchObject({
      pointer: '/components/parameters/PhoneCallId',
      schema: { type: 'string', pattern: '^[A-Za-z0-9]+$' },
      examples: new Map([['toPublicNumber', 'b817d2618fe6f1804333']]),
    });
  });

  test('has an example of a body for each name that an example of a parameter has, as Specmatic demands', () => {
    const { parameters, body } = operationById(contract, 'transferPhoneCall');
    const names = new Set(parameters.flatMap(({ examples }) => [...examples.keys()]));
    expect(names.difference(new Set(body?.content[0]?.examples.keys()))).toEqual(new Set());
  });

  test('has security that no operation goes without', () => {
    for (const { security } of contract.operations) {
      expect(security).toEqual([
        {
          name: 'bearer',
          pointer: '/components/securitySchemes/bearer',
          refusedExamples: ['invalid-token'],
          isBearer: true,
          errorCode: 'access_denied',
          refusedWith: ['401', '403'],
        },
      ]);
    }
  });

  test('has no operation that it does not name', () => {
    expect(() => operationById(contract, 'parkPhoneCall')).toThrow('The contract has no operation parkPhoneCall.');
  });
});

describe('a contract', () => {
  const schema = { type: 'string' };

  test('has the parameters of a path before those of an operation', () => {
    const parameter = (name: string) => ({ name, in: 'query', schema });
    const [operation] = parseContract({
      paths: { '/calls': { parameters: [parameter('first')], get: { parameters: [parameter('second')] } } },
    }).operations;
    expect(operation?.parameters.map(({ name }) => name)).toEqual(['first', 'second']);
  });

  test('has operations that need no authorization where they say so', () => {
    const security = (own: JsonObject) =>
      parseContract({ security: [{}], paths: { '/': { get: own } } }).operations[0]?.security;
    expect(security({})).toEqual([]);
    expect(security({ security: [] })).toEqual([]);
  });
});

describe('resolve', () => {
  const document = {
    entry: { $ref: '#/middle', description: 'of the entry' },
    middle: { $ref: '#/defined~1here', description: 'of the middle', title: 'of the middle' },
    'defined/here': { description: 'of the definition', title: 'of the definition', type: 'string' },
    broken: { $ref: '#/nowhere' },
    text: 'text',
  };

  test('follows references to the definition, whose members give way to those beside the references', () => {
    expect(resolve(document, '/entry')).toEqual({
      pointer: '/defined~1here',
      value: { description: 'of the entry', title: 'of the middle', type: 'string' },
    });
  });

  test('leaves alone what is no reference', () => {
    expect(resolve(document, '/defined~1here').value).toBe(document['defined/here']);
  });

  test.each([
    ['/broken', 'The contract has no object at /nowhere.'],
    ['/text', 'The contract has no object at /text.'],
  ])('refuses %s, which leads to no object', (pointer, message) => {
    expect(() => resolve(document, pointer)).toThrow(message);
  });
});

describe('readBinding', () => {
  test.each([
    [{}, { errorCode: undefined, refusedWith: undefined }],
    [{ 'x-error-code': 'pc_invalid' }, { errorCode: 'pc_invalid', refusedWith: undefined }],
    [
      { 'x-error-code': 1, 'x-refused-with': '4XX' },
      { errorCode: undefined, refusedWith: undefined },
    ],
    [{ 'x-refused-with': ['4XX', 501] }, { errorCode: undefined, refusedWith: ['4XX', '501'] }],
  ])('reads %o', (value, binding) => {
    expect(readBinding(value)).toEqual(binding);
  });
});

describe('readContract refuses in one line that names the file', () => {
  const folder = makeTemporaryFolder();

  test.each([
    ['a file that is not there', undefined, /cannot be read: ENOENT/],
    ['lines of text', 'not\njson', /cannot be read: .*is not valid JSON/],
    ['JSON that is cut short', '{\n  "paths": [\n', /cannot be read: .*JSON input \(line 3 column 1\)/],
    ['JSON with a comma too many', '{\n  "paths": {},,\n}', /cannot be read: .*JSON.* \(line 2 column 15\)/],
    ['an array', '[]', /is no OpenAPI document/],
    ['a document without a version', '{"paths":{}}', /is no OpenAPI document: it has no version openapi, or no paths/],
    ['null', 'null', /is no OpenAPI document/],
    ['an object without paths', '{"openapi": "3.1.1"}', /is no OpenAPI document/],
  ])('%s', (_, content, expected) => {
    const file = join(folder, 'openapi.json');
    rmSync(file, { force: true });
    if (content !== undefined) writeFileSync(file, content);
    expect(() => readContract(file)).toThrow(expected);
    expect(() => readContract(file)).toThrow(
      /^The contract .+openapi\.json .+ Name an OpenAPI document that is bundled as JSON\.$/,
    );
  });
});
