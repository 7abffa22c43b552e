import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseContract, readContract } from '../conformance/contract/contract.ts';
import { pointerToken, valueAt, type JsonObject, type JsonValue } from '../conformance/contract/json.ts';
import { nextVersion, type Change } from './contract-diff/change.ts';
import { untoldChanges } from './contract-diff/changelog.ts';
import { compareContracts } from './contract-diff/compare-contracts.ts';
import { normalise } from './contract-diff/normalise.ts';
import { runScript } from './generate/run-script.ts';

const action = '/components/schemas/PhoneCallAction';
const phoneCall = '/components/schemas/PhoneCall';
const onePath = `/paths/${pointerToken('/uapi/phoneCalls/{userId}/{extension}/{phoneCallId}')}`;

/** The changes that a contract shows in which a value has been set, or taken away. */
function changesAfter(pointer: string, value: JsonValue | undefined): readonly Change[] {
  const before = readContract();
  const document = structuredClone(before.document);
  const [, owner = '', name = ''] = /^(.*)\/([^/]*)$/.exec(pointer) ?? [];
  const parent = valueAt(document, owner) as JsonObject;
  if (value === undefined) delete parent[name];
  else parent[name] = value;
  return compareContracts(before, parseContract(document));
}

test('a contract has not changed since itself', () => {
  expect(compareContracts(readContract(), readContract())).toEqual([]);
});

describe('a change is judged by whom it breaks:', () => {
  test.each<[string, string, JsonValue | undefined, Change['verdict'], string]>([
    ['a property that may be sent', `${action}/properties/note`, { type: 'string' }, 'breaks servers', 'note'],
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
    [
      'an error code more',
      '/components/schemas/InvalidPath/properties/error/properties/code/enum/3',
      'new_code',
      'breaks clients',
      'code',
    ],
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

  test.each<[string, string, JsonValue | undefined]>([
    ['another scheme', '/components/securitySchemes/bearer/scheme', 'basic'],
    ['optional authorization', '/security', [{ bearer: [] }, {}]],
    ['another server', '/servers/0/url', 'https://{host}/v2'],
    ['a header that is promised', '/components/responses/AccessDenied/headers', { 'x-a': { required: true } }],
    ['values of further members', `${phoneCall}/patternProperties`, { '^x': { type: 'string' } }],
  ])('%s is told as unknown', (_, pointer, value) => {
    expect(changesAfter(pointer, value).map(({ verdict }) => verdict)).toContain('unknown');
  });

  test.each<[string, string, JsonValue]>([
    ['a list of required members', `${action}/required`, ['transferFromNumber', 'sendCallTo', 'action']],
    ['a type in a list', `${phoneCall}/properties/id/type`, ['string']],
    ['an annotation', `${phoneCall}/properties/id/deprecated`, true],
    ['a comment', `${phoneCall}/$comment`, 'A call.'],
    ['a limit that limits nothing', `${phoneCall}/properties/nonce/minLength`, 0],
    ['further members that are allowed anyway', `${phoneCall}/additionalProperties`, true],
  ])('%s in another notation is no change', (_, pointer, value) => {
    expect(changesAfter(pointer, value)).toEqual([]);
  });

  test('a member that may be anything, and one with an inherited name, are compared', () => {
    const [change] = changesAfter(`${phoneCall}/properties/constructor`, true);
    expect(change).toMatchObject({ subject: 'constructor', verdict: 'compatible' });
  });

  test('a name of a schema means nothing', () => {
    const before = readContract();
    const renamed = JSON.stringify(before.document).replaceAll('PhoneCallAction', 'Action');
    expect(compareContracts(before, parseContract(JSON.parse(renamed) as JsonObject))).toEqual([]);
  });

  test('a schema that contains itself comes to an end', () => {
    const changes = changesAfter(`${phoneCall}/properties/link`, { $ref: '#/components/schemas/PhoneCall' });
    expect(changes.length).toBeGreaterThan(0);
  });
});

test('a document without a change is equal, once normalised', () => {
  const { document } = readContract();
  const parts = Object.keys(document.paths as JsonObject).map((path) => `/paths/${pointerToken(path)}`);
  const pointers = [...parts, '/servers', phoneCall, action].flatMap((part) => pointersBelow(document, part));
  const anyEdit = fc.record({ pointer: fc.constantFrom(...pointers), value: fc.constantFrom(undefined, 1, 'other') });
  const outcome = fc.check(
    fc.property(anyEdit, ({ pointer, value }) => {
      const edited = structuredClone(document);
      const [, owner = '', name = ''] = /^(.*)\/([^/]*)$/.exec(pointer) ?? [];
      const parent = valueAt(edited, owner) as JsonObject;
      const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
      if (value === undefined) delete parent[key];
      else parent[key] = value;
      let changes: readonly Change[];
      try {
        changes = compareContracts(readContract(), parseContract(edited));
      } catch {
        // An edit may leave a document that is no contract.
        return true;
      }
      return changes.length > 0 || isDeepStrictEqual(normalise(edited), normalise(document));
    }),
    { numRuns: 100 },
  );
  expect(outcome).toMatchObject({ failed: false });
});

function pointersBelow(document: JsonObject, pointer: string): string[] {
  const value = valueAt(document, pointer);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [pointer];
  const inner = Object.keys(value).flatMap((name) => pointersBelow(document, `${pointer}/${pointerToken(name)}`));
  return [pointer, ...inner];
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
  const [queue, nonce, words] = ['queue', 'nonce', 'id'].map((subject): Change => {
    return { at: '', subject, says: '', verdict: subject === 'id' ? 'description' : 'compatible' };
  }) as [Change, Change, Change];
  const changelog = '## [Unreleased]\n\n- A call has its `queue`.\n\n## [0.1.0]\n\n- `nonce`\n';
  expect(untoldChanges([queue, nonce, words], changelog)).toEqual([nonce]);
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
    stderr: 'The base is empty: name a git revision, or a published version such as 0.1.0.\n',
  });
});
