import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readContract } from '../conformance/contract/contract.ts';
import { isObject, pointerToken, valueAt, type JsonObject, type JsonValue } from '../conformance/contract/json.ts';
import { documentWith } from '../conformance/testing/edited-contract.ts';
import { compareContracts, type Change } from './contract-diff/compare.ts';
import { normalise } from './contract-diff/normalise.ts';
import { runScript } from './generate/run-script.ts';
import { findChangeProblems, nextVersion } from './package/release.ts';

const action = '/components/schemas/PhoneCallAction';
const phoneCall = '/components/schemas/PhoneCall';
const codes = '/components/schemas/InvalidPath/properties/error/properties/code/anyOf/0/enum';
const view = '/components/schemas/PhoneCallView/properties';
const denied = '/components/responses/AccessDenied';
const media = '/components/responses/Transferred/content/application~1json';
const reading = '/components/responses/PhoneCallDetails/content/application~1json';
const onePath = `/paths/${pointerToken('/uapi/phoneCalls/{userId}/{extension}/{phoneCallId}')}`;

const { document } = readContract();

function edited(pointer: string, value: JsonValue | undefined): JsonObject {
  return documentWith({ [pointer]: value });
}

function changesAfter(pointer: string, value: JsonValue | undefined): readonly Change[] {
  return compareContracts(document, edited(pointer, value));
}

test('a contract has not changed since itself', () => {
  expect(compareContracts(document, document)).toEqual([]);
});

describe('a change is judged by whom it breaks:', () => {
  test.each<[string, string, JsonValue | undefined, Change['verdict'], string]>([
    ['a property that may be sent', `${action}/properties/note`, { type: 'string' }, 'compatible', 'note'],
    [
      'a property that may be sent, and is refused if wrong',
      `${action}/properties/note`,
      { type: 'string', 'x-error-code': 'note_invalid' },
      'breaks servers',
      'note',
    ],
    [
      'a property that may no longer be sent',
      `${action}/properties/transferNumber`,
      undefined,
      'breaks clients',
      'transferNumber',
    ],
    [
      'a property that must be sent',
      `${action}/required`,
      ['action', 'sendCallTo', 'transferFromNumber', 'transferNumber'],
      'breaks clients and servers',
      'body',
    ],
    ['a property that need not be sent', `${action}/required`, ['action', 'sendCallTo'], 'breaks servers', 'body'],
    [
      'another pattern of what is sent',
      `${action}/properties/sendCallTo/pattern`,
      '^[0-9]+$',
      'breaks clients and servers',
      'sendCallTo',
    ],
    [
      'another code for what is sent',
      `${action}/properties/sendCallTo/x-error-code`,
      'other',
      'breaks clients and servers',
      'sendCallTo',
    ],
    [
      'another pattern in the path',
      '/components/parameters/UserId/schema/pattern',
      '^.+$',
      'breaks clients and servers',
      'userId',
    ],
    ['a member of an answer', `${phoneCall}/properties/queue`, { type: 'string' }, 'compatible', 'queue'],
    ['a member of an answer that is gone', `${phoneCall}/properties/nonce`, undefined, 'breaks clients', 'nonce'],
    ['a member of an answer that must be there', `${phoneCall}/required`, ['id', 'link'], 'breaks servers', '200'],
    ['a member of an answer that need not be there', `${phoneCall}/required`, [], 'breaks clients', '200'],
    [
      'a member of an answer of another type',
      `${phoneCall}/properties/id/type`,
      'integer',
      'breaks clients and servers',
      'id',
    ],
    [
      'a member of an answer of two types',
      `${phoneCall}/properties/id/type`,
      ['string', 'integer'],
      'breaks clients',
      'id',
    ],
    ['an error code more', `${codes}/3`, 'new_code', 'breaks clients', 'code'],
    [
      'a status more',
      `${onePath}/put/responses/409`,
      { $ref: '#/components/responses/InvalidRequest' },
      'breaks clients',
      '409',
    ],
    ['a status less', `${onePath}/put/responses/202`, undefined, 'breaks servers', '202'],
    [
      'an operation more',
      `${onePath}/delete`,
      { operationId: 'endPhoneCall', responses: {} },
      'breaks servers',
      'endPhoneCall',
    ],
    ['an operation less', `${onePath}/get`, undefined, 'breaks clients', 'getPhoneCall'],
    ['other words', `${phoneCall}/properties/id/description`, 'The identity of the call.', 'description', 'id'],
  ])('%s', (_, pointer, value, verdict, subject) => {
    const changes = changesAfter(pointer, value);
    expect(new Set(changes.map((change) => change.verdict))).toEqual(new Set([verdict]));
    expect(changes.map((change) => change.subject)).toContain(subject);
  });

  test.each<[string, string, JsonValue | undefined, Change['verdict']]>([
    ['another scheme', '/components/securitySchemes/bearer/scheme', 'basic', 'breaks clients and servers'],
    ['a key in place of a token', '/components/securitySchemes/bearer/type', 'apiKey', 'breaks clients and servers'],
    ['optional authorization', '/security', [{ bearer: [] }, {}], 'breaks servers'],
    ['no authorization', '/security', [], 'breaks servers'],
    ['another server', '/servers/1/url', 'https://{host}/v2', 'breaks clients'],
    ['an optional parameter', `${onePath}/put/parameters`, [header(false)], 'compatible'],
    ['a required parameter', `${onePath}/put/parameters`, [header(true)], 'breaks clients and servers'],
    ['a promised header', `${denied}/headers`, { 'x-a': { required: true, schema: {} } }, 'breaks servers'],
    ['another pattern of further members', `${phoneCall}/patternProperties`, { '^x': false }, 'breaks servers'],
    ['no further members', `${phoneCall}/additionalProperties`, false, 'breaks servers'],
    ['further members of one type', `${phoneCall}/additionalProperties`, { type: 'string' }, 'breaks servers'],
    ['entries of any kind', `${phoneCall}/properties/phoneCallView/items`, undefined, 'breaks clients'],
    ['a schema that is excluded', `${phoneCall}/not`, { required: ['x'] }, 'breaks servers'],
    ['a condition', `${phoneCall}/if`, { required: ['x'] }, 'unknown'],
    ['a member that depends', `${phoneCall}/dependentRequired`, { id: ['link'] }, 'unknown'],
    ['an unknown keyword', `${phoneCall}/x-new`, 1, 'unknown'],
    ['a demand beside a reference', `${media}/schema/required`, ['extension'], 'breaks servers'],
    ['a callback', `${onePath}/put/callbacks`, {}, 'unknown'],
    ['another default of the host', '/servers/1/variables/host/default', 'pbx.example.com', 'breaks clients'],
    ['a tight list of entries', `${phoneCall}/properties/phoneCallView/maxItems`, 3, 'breaks servers'],
    ['nothing in place of a member', `${phoneCall}/properties/nonce`, false, 'breaks servers'],
    ['words', `${phoneCall}/properties/id/deprecated`, true, 'description'],
    ['a hint at tokens', '/components/securitySchemes/bearer/bearerFormat', 'JWT', 'description'],
    ['words about the token', '/components/securitySchemes/bearer/description', 'A token.', 'description'],
    ['another scheme that nothing demands', '/components/securitySchemes/key', { type: 'apiKey' }, 'compatible'],
  ])('%s', (_, pointer, value, verdict) => {
    expect(new Set(changesAfter(pointer, value).map((change) => change.verdict))).toEqual(new Set([verdict]));
  });

  test('a code whose example stands under another status', () => {
    const { transferNumberInvalid, ...examples } = valueAt(
      document,
      '/components/responses/InvalidRequest/content/application~1json/examples',
    ) as JsonObject;
    const moved = edited('/components/responses/InvalidRequest/content/application~1json/examples', examples);
    const denied = valueAt(
      moved,
      '/components/responses/TokenExpired/content/application~1json/examples',
    ) as JsonObject;
    denied.transferNumberInvalid = transferNumberInvalid as JsonValue;
    const found = compareContracts(document, moved).map(({ subject, verdict }) => [subject, verdict]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['400', 'breaks servers'],
        ['403', 'breaks clients'],
      ]),
    );
  });

  test('what a header was, required or there at all', () => {
    const before = edited(`${denied}/headers`, { 'x-a': { required: true, schema: { type: 'string' } } });
    expect(compareContracts(before, document)).toContainEqual(
      expect.objectContaining({ subject: 'x-a', verdict: 'breaks clients' }),
    );
    const optional = edited(`${denied}/headers`, { 'x-a': { schema: { type: 'string' } } });
    expect(compareContracts(before, optional)).toContainEqual(
      expect.objectContaining({ subject: 'x-a', verdict: 'breaks clients' }),
    );
  });

  test.each<[string, string, JsonValue]>([
    ['a list of required members', `${action}/required`, ['transferFromNumber', 'sendCallTo', 'action']],
    ['a type in a list', `${phoneCall}/properties/id/type`, ['string']],
    ['a comment', `${phoneCall}/$comment`, 'A call.'],
    ['a limit that limits nothing', `${phoneCall}/properties/nonce/minLength`, 0],
    ['further members that are allowed anyway', `${phoneCall}/additionalProperties`, true],
    ['a single value as a list', `${action}/properties/action/enum`, ['Transfer']],
    ['values by their type', `${view}/flow`, flow([{ type: 'integer', enum: [2, 4, 8] }, { enum: ['8', '4', '2'] }])],
    ['choices in another order', `${reading}/schema/anyOf`, valuesOf(`${reading}/schema/anyOf`).toReversed()],
    ['values in another order', codes, valuesOf(codes).toReversed()],
    ['values of several types', `${view}/flow/anyOf`, [{ enum: ['2', 4, 8] }, { enum: ['4', 2, '8'] }]],
    ['a default of parameters', '/components/parameters/UserId/style', 'simple'],
    ['the security that all have', `${onePath}/put/security`, [{ bearer: [] }]],
    ['a patch of the specification', '/openapi', '3.1.0'],
    ['a definition within', `${phoneCall}/properties/link`, (document.components as never)['schemas']['Link']],
    [
      'one choice',
      `${phoneCall}/properties/nonce`,
      { oneOf: [valueAt(document, `${phoneCall}/properties/nonce`) ?? {}] },
    ],
    ['values with a limit that they keep', `${action}/properties/action/maxLength`, 8],
    ['the profile that all have', `${onePath}/put/x-profile`, 'core'],
    ['a schema that holds with it', `${phoneCall}/allOf`, [{ type: 'object' }, {}]],
  ])('%s in another notation is no change', (_, pointer, value) => {
    expect(changesAfter(pointer, value)).toEqual([]);
  });

  test.each<[string, JsonValue, JsonValue, boolean]>([
    ['types as choices', { anyOf: [{ type: 'string' }, { type: 'null' }] }, { type: ['string', 'null'] }, true],
    [
      'values as choices',
      { type: 'string', oneOf: [{ const: 'a', title: 'A' }, { const: 'b' }] },
      { enum: ['b', 'a'] },
      true,
    ],
    ['values less those below a limit', { enum: [1, 2, 3], minimum: 2 }, { enum: [2, 3] }, true],
    [
      'two demands in another order',
      { allOf: [{ pattern: 'a' }, { pattern: 'b' }] },
      { allOf: [{ pattern: 'b' }, { pattern: 'a' }] },
      true,
    ],
    ['the same choice twice', { oneOf: [{ type: 'string' }, { type: 'string' }] }, { type: 'string' }, false],
    ['choices that overlap', { oneOf: [{ type: 'integer' }, { type: 'number' }] }, { type: 'number' }, false],
    ['one demand of two', { allOf: [{ pattern: 'a' }, { pattern: 'b' }] }, { pattern: 'a' }, false],
  ])('%s: is it the same?', (_, before, after, isSame) => {
    const [was, is] = [before, after].map((value) => edited(`${phoneCall}/properties/new`, value));
    expect(compareContracts(was ?? {}, is ?? {}).length === 0).toBe(isSame);
  });

  test('a member that may be anything, and one with an inherited name, are compared', () => {
    const [change] = changesAfter(`${phoneCall}/properties/constructor`, true);
    expect(change).toMatchObject({ subject: 'constructor', verdict: 'compatible' });
  });

  test('a change of one of several choices is told once for each, where it is', () => {
    const changes = changesAfter(`${phoneCall}/properties/nonce/maxLength`, 8);
    expect(new Set(changes.map(({ subject, verdict }) => `${subject} ${verdict}`))).toEqual(
      new Set(['nonce breaks servers']),
    );
  });

  test('a name of a schema means nothing', () => {
    const renamed = JSON.stringify(document).replaceAll('PhoneCallAction', 'Action');
    expect(compareContracts(document, JSON.parse(renamed) as JsonObject)).toEqual([]);
  });

  test('a schema that contains itself comes to an end', () => {
    const changes = changesAfter(`${phoneCall}/properties/link`, { $ref: '#/components/schemas/PhoneCall' });
    expect(changes.length).toBeGreaterThan(0);
  });
});

test('a contract has no change only if it is the same, once normalised', () => {
  const unchanged = normalise(document);
  const places = fc.constantFrom(...pointersBelow(document, ''));
  const values = fc.oneof(fc.constantFrom(undefined, {}, [], 'other', true, false), fc.jsonValue({ maxDepth: 1 }));
  const property = fc.property(places, values, (pointer, value) => {
    const after = edited(pointer, value as JsonValue | undefined);
    const isSame = isDeepStrictEqual(unchanged, normalise(after));
    return (compareContracts(document, after).length === 0) === isSame;
  });
  expect(fc.check(property, { numRuns: 60 })).toMatchObject({ counterexample: null });
});

function header(required: boolean): JsonObject {
  return { name: 'x-trace', in: 'header', required, schema: { type: 'string' } };
}

function flow(anyOf: JsonValue[]): JsonObject {
  return { description: (valueAt(document, `${view}/flow`) as JsonObject).description ?? '', anyOf };
}

function valuesOf(pointer: string): JsonValue[] {
  return valueAt(document, pointer) as JsonValue[];
}

function pointersBelow(root: JsonObject, pointer: string): string[] {
  const value = valueAt(root, pointer);
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((name) => {
    const inner = `${pointer}/${pointerToken(name)}`;
    return [inner, ...pointersBelow(root, inner)];
  });
}

test.each<[Change['verdict'] | undefined, string, string]>([
  [undefined, '1.2.3', '1.2.3'],
  ['description', '1.2.3', '1.2.4'],
  ['compatible', '1.2.3', '1.3.0'],
  ['breaks servers', '1.2.3', '2.0.0'],
  ['compatible', '0.1.0', '0.1.1'],
  ['breaks clients', '0.1.9', '0.2.0'],
  ['unknown', '1.2.3', '2.0.0'],
  ['description', '0.1.0-beta.1', '0.1.0'],
])('after a change that %s, %s becomes %s', (verdict, version, next) => {
  expect(nextVersion(version, verdict === undefined ? [] : [{ at: '', subject: '', says: '', verdict }])).toBe(next);
});

test('the changelog has to name what has changed among what is not released yet', () => {
  const changes = ['queue', 'nonce', 'id'].map((subject): Change => {
    return { at: '', subject, says: '', verdict: subject === 'id' ? 'description' : 'compatible' };
  });
  const changelog = '## [Unreleased]\n\n- A call has its `queue`.\n\n## [0.1.0]\n\n- `nonce`\n';
  expect(findChangeProblems(changes, { version: '0.1.0', next: '0.1.1', changelog })).toEqual([
    'CHANGELOG.md: tell below [Unreleased] what has changed in `nonce`',
    'spec/openapi.yaml: its version is 0.1.0, and must be 0.1.1 or higher',
  ]);
});

test('the command compares with a revision, and refuses what is none', async () => {
  const same = await runScript('scripts/contract-diff.ts', ['HEAD']);
  expect([same.exitCode, same.stdout]).toEqual([
    0,
    expect.stringMatching(/changes since HEAD\. Version [\d.]+ becomes/),
  ]);
  const { exitCode, stderr } = await runScript('scripts/contract-diff.ts', ['no-such-revision']);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/^no-such-revision is no git revision .*\n$/)]);
});

test('the command refuses a revision that is empty, as that of an unset variable is', async () => {
  expect(await runScript('scripts/contract-diff.ts', ['', '--check'])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'The base is empty: name a git revision.\n',
  });
});
