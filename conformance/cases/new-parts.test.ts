import { describe, expect, test } from 'vitest';
import { exampleFixture } from '../call/fixture.ts';
import { readRequirements } from '../contract/requirements.ts';
import { startMock } from '../mock/mock.ts';
import { judge } from '../report/verdict.ts';
import { startRun } from '../run/execute.ts';
import { runCases } from '../run/schedule.ts';
import { contractWith, type Edits } from '../testing/edited-contract.ts';
import { allCases } from './cases.ts';
import { createSuite } from './suite.ts';

const onePath = '/paths/~1uapi~1phoneCalls~1{userId}~1{extension}~1{phoneCallId}';
const action = '/components/schemas/PhoneCallAction';
const code = 'pc_account_code_invalid';
const account = { type: 'string', pattern: '^[0-9]{4}$' };
const told = { description: 'The account that is charged.', 'x-error-code': code };
const property = { ...account, ...told, examples: ['4711'] };
const refusals: Edits = Object.fromEntries(
  ['InvalidRequest', 'InvalidPath'].map((response) => [
    `/components/responses/${response}/content/application~1json/examples/accountCodeInvalid`,
    { value: { error: { code, message: 'accountCode is no account.' } } },
  ]),
);
const references = (names: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(names).map(([name, to]) => [name, { $ref: `#/components/responses/${to}` }]));
const operation = {
  tags: ['phoneCalls'],
  summary: 'Use an account',
  description: 'Uses an account.',
  parameters: [{ name: 'accountCode', in: 'query', schema: account, example: '4711', required: true, ...told }],
};
const answers = references({ 400: 'InvalidPath', 401: 'AccessDenied', 403: 'TokenExpired', 501: 'NotImplemented' });
const ofPath = { $ref: '#/components/parameters/UserId' };
const listed = {
  description: 'The accounts.',
  content: { 'application/json': { schema: { type: 'array', items: account }, example: ['4711'] } },
};
const reading = (path: string, parameter: object): Edits => ({
  [path]: {
    parameters: [parameter as never],
    get: { ...operation, operationId: 'list-accounts', responses: { ...answers, 200: listed } },
  },
});
// Its path is one of a call, too, if that has the id list.
const ofUser = reading('/paths/~1uapi~1phoneCalls~1{userId}~1accounts~1list', ofPath);
const notes: Edits = {
  '/paths/~1uapi~1accounts~1{userId}': {
    parameters: [ofPath],
    post: {
      ...operation,
      operationId: 'noteAccount',
      parameters: [],
      requestBody: {
        required: true,
        'x-error-code': code,
        'x-refused-with': ['4XX'],
        content: {
          'application/json': {
            schema: { type: 'object', required: ['accountCode'], properties: { accountCode: property } },
          },
        },
      },
      responses: { ...answers, ...references({ 204: 'NothingToReturn' }) },
    },
  },
};

/** The new parts, the beginning of the ids of their requirements, of their cases, and some of the cases. */
const added: [name: string, edits: Edits, requirement: string, group: string, cases: readonly string[]][] = [
  [
    'an optional property',
    { [`${action}/properties/accountCode`]: property },
    'body/accountCode',
    'body/accountCode/',
    ['null', 'number', 'empty', 'letter-start', 'blank-inside', 'newline-end', 'arabic-digits'],
  ],
  [
    'a required property',
    {
      [`${action}/properties/accountCode`]: property,
      [`${action}/required`]: ['action', 'sendCallTo', 'transferFromNumber', 'accountCode'],
    },
    'body/accountCode',
    'body/accountCode/',
    ['missing', 'null', 'letter-start'],
  ],
  [
    'a header',
    { [`${onePath}/put/parameters`]: [{ ...operation.parameters[0], in: 'header', name: 'x-account' } as never] },
    'header/x-account',
    'header/x-account/',
    ['missing', 'letters-only'],
  ],
  [
    'a query parameter',
    { [`${onePath}/put/parameters`]: operation.parameters as never },
    'query/accountCode',
    'query/accountCode/',
    ['missing', 'letters-only'],
  ],
  [
    'an operation that reads',
    ofUser,
    'operations/list-accounts/query/accountCode',
    'operations/list-accounts/',
    [
      'plain',
      'authorization/none',
      'path/userId/blank-inside',
      'query/accountCode/missing',
      'query/accountCode/plus-end',
    ],
  ],
  [
    'an operation that changes something',
    notes,
    'operations/noteAccount/body/accountCode',
    'operations/noteAccount/',
    [
      'authorization/none',
      'path/userId/blank-inside',
      'body/no-json',
      'media-type/text',
      'body/accountCode/missing',
      'body/accountCode/null',
    ],
  ],
];

/** Runs the cases of a group, with the control of all refusals, on a mock of the contract or of another one. */
async function runGroup(edits: Edits, group: string, { served = edits, loopback = true } = {}) {
  const [contract, other] = [edits, served].map((own) => contractWith({ ...refusals, ...own }));
  if (contract === undefined || other === undefined) throw new Error('There is no contract.');
  const suite = createSuite(contract, readRequirements());
  const mock = await startMock({ contract: other, tokens: ['token'] });
  const fixture = exampleFixture(contract);
  const target = { baseUrl: mock.url, loopback, token: 'token', tokenNamed: true, profiles: ['core'], fixture };
  const run = startRun(suite, { ...target, concurrency: 8, timeout: 5000, effectTimeout: 500 });
  const cases = allCases(suite, fixture).filter(({ id }) => id.startsWith(group) || id === 'transfer/plain');
  const results = await runCases(run, cases, 8);
  await run.close();
  await mock.close();
  const judged = judge(suite.requirements, results, { profiles: ['core'], strict: false, partial: true });
  const own = judged.cases.filter(({ id }) => id.startsWith(group));
  const list = (verdict: string) =>
    own.filter((result) => result.verdict === verdict).map(({ id }) => id.slice(group.length));
  return { ...judged, suite, own, list };
}

describe.each(added)(
  '%s with a pattern and a code, added to the contract alone,',
  (_, edits, requirement, group, cases) => {
    test('brings a requirement, and cases that the mock of that contract passes', async () => {
      const { suite, own, list, requirements } = await runGroup(edits, group);
      expect(suite.requirements.find(({ id }) => id === requirement)).toMatchObject({
        level: 'MUST',
        profile: 'core',
        says: expect.stringContaining(`is refused with 400 and ${code}.`),
      });
      expect(requirements.find((each) => each.requirement.id === requirement)?.outcome).toBe('met');
      expect(own.filter(({ verdict }) => verdict !== 'pass').map(({ id, reason }) => [id, reason])).toEqual([]);
      expect(list('pass')).toEqual(expect.arrayContaining([...cases]));
      expect(own.length).toBeGreaterThan(group.startsWith('body') ? 30 : 10);
    });

    test('is missed where it is not checked', async () => {
      const loose = JSON.parse(JSON.stringify(edits).replaceAll(account.pattern, '')) as Edits;
      const { list, verdict } = await runGroup(edits, group, { served: loose });
      expect(list('fail').filter((id) => id.endsWith('letters-only'))).toHaveLength(1);
      expect(verdict).toBe('not conforming');
    });
  },
);

describe('of an operation of which nothing but the contract is known,', () => {
  const group = 'operations/list-accounts/';

  test('no request that could change something is sent to a live telephone system', async () => {
    const noted = await runGroup(notes, 'operations/noteAccount/', { loopback: false });
    expect(new Set(noted.own.map(({ reason }) => reason))).toEqual(
      new Set(['it is not sent to a live telephone system']),
    );
    expect((await runGroup(ofUser, group, { loopback: false })).list('pass')).toContain('plain');
  });

  test('examples that the target need not know, and what it need not have, blame nothing', async () => {
    const ofAccount = reading('/paths/~1uapi~1accounts~1{accountCode}', { ...operation.parameters[0], in: 'path' });
    const { get, ...path } = ofAccount['/paths/~1uapi~1accounts~1{accountCode}'] as { get: object };
    const edits = { '/paths/~1uapi~1accounts~1{accountCode}': { ...path, get: { ...get, parameters: [] } } };
    const other = JSON.parse(JSON.stringify(edits).replaceAll(account.pattern, '^0$').replaceAll('4711', '0')) as Edits;
    for (const served of [other, {}]) {
      const { list, own, verdict, requirements } = await runGroup(edits, group, { served });
      expect([verdict, list('fail'), list('unreached')]).toEqual(['conforming', [], []]);
      expect(own.find(({ id }) => id.endsWith('/plain'))).toMatchObject({
        verdict: 'not applicable',
        reason: expect.stringMatching(
          served === other ? /example of accountCode is not known/ : /does not have list-accounts/,
        ),
      });
      expect(requirements.find((each) => each.requirement.id === `${group}answer`)?.outcome).toBe('not applicable');
    }
  });

  test('an answer that its schema does not describe is found', async () => {
    const served = JSON.parse(JSON.stringify(ofUser).replace('"example":["4711"]', '"example":[4711]')) as Edits;
    expect((await runGroup(ofUser, group, { served })).list('fail')).toEqual(['plain']);
  });

  test('no request is made where a part that it must have has no example', () => {
    const edits = JSON.parse(JSON.stringify(ofUser).replaceAll(',"example":"4711"', '')) as Edits;
    const suite = createSuite(contractWith({ ...refusals, ...edits }), readRequirements());
    expect([suite.others, suite.requirements.filter(({ id }) => id.startsWith('operations/'))]).toEqual([[], []]);
  });
});
