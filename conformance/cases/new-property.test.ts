import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDocument, type YAMLSeq } from 'yaml';
import { readContract, type Contract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { startRun } from '../run/execute.ts';
import type { CaseResult } from '../run/result.ts';
import { runCases } from '../run/schedule.ts';
import { startMock, type Mock } from '../mock/mock.ts';
import { exampleFixture } from '../call/fixture.ts';
import { allCases } from './cases.ts';
import { createSuite, type Suite } from './suite.ts';

const name = 'accountCode';
const code = 'pc_account_code_invalid';
const property = {
  description: 'The account that the call is charged to.',
  type: 'string',
  pattern: '^[0-9]{4}$',
  'x-error-code': code,
  examples: ['4711'],
};
const schemas = ['components', 'schemas'];
const refusal = ['components', 'responses', 'InvalidRequest', 'content', 'application/json', 'examples'];
const requests = ['components', 'requestBodies', 'Transfer', 'content', 'application/json', 'examples'];

/** The contract with a property more, as its author would write it, bundled. */
async function contractWithProperty(folder: string, isRequired: boolean): Promise<Contract> {
  const document = parseDocument(await readFile('spec/openapi.yaml', 'utf8'));
  document.setIn([...schemas, 'PhoneCallAction', 'properties', name], document.createNode(property));
  const codes = [...schemas, 'InvalidRequest', 'properties', 'error', 'properties', 'code', 'anyOf', 0, 'enum'];
  document.addIn(codes, code);
  const example = { summary: 'No account', value: { error: { code, message: 'accountCode is no account.' } } };
  document.setIn([...refusal, 'accountCodeInvalid'], document.createNode(example));
  if (isRequired) {
    (document.getIn([...schemas, 'PhoneCallAction', 'required']) as YAMLSeq).add(name);
    for (const body of Object.keys(
      document.toJS().components.requestBodies.Transfer.content['application/json'].examples,
    )) {
      document.setIn([...requests, body, 'value', name], '4711');
    }
  }
  const specification = join(folder, 'openapi.yaml');
  await writeFile(specification, String(document));
  await promisify(execFile)(process.execPath, [
    'scripts/generate.ts',
    '--spec',
    specification,
    '--out',
    folder,
    '--bundle-only',
  ]);
  return readContract(join(folder, 'openapi.json'));
}

/** Runs the cases about the new property. */
async function resultsOn(mock: Mock, suite: Suite): Promise<CaseResult[]> {
  const fixture = exampleFixture(suite.contract);
  const target = { baseUrl: mock.url, loopback: true, token: 'token', tokenNamed: false, profiles: ['core'], fixture };
  const run = startRun(suite, { ...target, concurrency: 8, timeout: 5000, effectTimeout: 500 });
  const cases = allCases(suite, fixture).filter(({ id }) => id.startsWith(`body/${name}/`) || id === 'transfer/plain');
  const results = await runCases(run, cases, 8);
  await run.close();
  return results;
}

const idsOf = (results: CaseResult[], verdict: CaseResult['verdict']) =>
  results.filter((result) => result.verdict === verdict).map(({ id }) => id);

describe.each([
  ['an optional', false],
  ['a required', true],
])('%s property with a pattern and a code, added to the contract alone,', (_, isRequired) => {
  let folder: string;
  let suite: Suite;
  let mocks: Mock[];
  let onNew: CaseResult[];
  let onOriginal: CaseResult[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'new-property-'));
    const contract = await contractWithProperty(folder, isRequired);
    suite = createSuite(contract, readRequirements());
    mocks = await Promise.all([startMock({ contract }), startMock({ contract: readContract() })]);
    [onNew = [], onOriginal = []] = await Promise.all(mocks.map((mock) => resultsOn(mock, suite)));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(mocks.map((mock) => mock.close()));
    await rm(folder, { recursive: true });
  });

  test('brings a requirement', () => {
    expect(suite.requirements.find(({ id }) => id === `body/${name}`)).toMatchObject({
      level: 'MUST',
      profile: 'core',
      says: `A request whose ${name} is missing or invalid is refused with 400 and ${code}.`,
      at: `/components/schemas/PhoneCallAction/properties/${name}`,
    });
  });

  test('brings more than ten cases of each kind', () => {
    const ids = onNew.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(30);
    expect(ids).toEqual(
      expect.arrayContaining(
        ['null', 'number', 'empty', 'letter-start', 'blank-inside', 'newline-end', 'arabic-digits'].map(
          (breach) => `body/${name}/${breach}`,
        ),
      ),
    );
    expect(ids.includes(`body/${name}/missing`)).toBe(isRequired);
  });

  test('changes the answers of the mock', async () => {
    const [changed, unchanged] = await Promise.all(mocks.map(({ url }) => answerTo(url, { [name]: 'none' })));
    expect(changed).toEqual({ status: 400, code });
    expect(unchanged).toEqual({ status: 200, code: undefined });
    const withProperty = await answerTo(mocks[0]?.url ?? '', { [name]: '0815' });
    expect(withProperty.status).toBe(200);
    expect((await answerTo(mocks[0]?.url ?? '', {})).status).toBe(isRequired ? 400 : 200);
  });

  test('is demanded of the mock of that contract, which keeps to it', () => {
    expect(onNew.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(new Set(onNew.filter(({ control }) => control !== undefined).flatMap(({ answers }) => answers))).toEqual(
      new Set([`400 ${code}`]),
    );
  });

  test('is missed in the mock of the contract without it', () => {
    expect(idsOf(onOriginal, 'pass')).toEqual(['transfer/plain']);
    expect(idsOf(onOriginal, 'fail')).toHaveLength(onNew.length - 1);
  });
});

async function answerTo(url: string, members: object) {
  const body = { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024', ...members };
  const response = await fetch(`${url}/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333`, {
    method: 'PUT',
    headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { error?: { code: string } };
  return { status: response.status, code: answer.error?.code };
}
