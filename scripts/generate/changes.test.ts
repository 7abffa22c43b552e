import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exampleFixture } from '../../conformance/call/fixture.ts';
import { allCases } from '../../conformance/cases/cases.ts';
import { createSuite } from '../../conformance/cases/suite.ts';
import { readContract, type Contract } from '../../conformance/contract/contract.ts';
import { valueAt, type JsonObject, type JsonValue } from '../../conformance/contract/json.ts';
import { readRequirements } from '../../conformance/contract/requirements.ts';
import { startMock } from '../../conformance/mock/mock.ts';
import { startRun } from '../../conformance/run/execute.ts';
import { runCases } from '../../conformance/run/schedule.ts';
import { contractWith, documentWith, type Edits } from '../../conformance/testing/edited-contract.ts';
import { asOpenApi30, withoutExtensions } from './copies.ts';
import { writeOperations } from './operations.ts';
import { asProblem, formatProblem, listProblems, listUntried } from './problems.ts';

const { document } = readContract();
const one = '/paths/~1uapi~1phoneCalls~1{userId}~1{extension}~1{phoneCallId}';
const all = '/paths/~1uapi~1phoneCalls~1{userId}~1{extension}';
const action = '/components/schemas/PhoneCallAction';
const body = '/components/requestBodies/Transfer/content/application~1json';
const refused = { 'x-error-code': 'pc_sendcallto_invalid' };

const noted = { name: 'x-note', description: 'A note.' };
const property = (name: string, schema: JsonValue): Edits => ({ [`${action}/properties/${name}`]: schema });
const parameter = (place: string, schema: JsonObject, more: JsonObject = {}): Edits => ({
  [`${one}/put/parameters`]: [{ ...noted, in: place, schema, ...refused, ...more }],
});
const text = { type: 'string', ...refused };
const inPath = { ...noted, in: 'path', required: true };
const userCode = { 'x-error-code': 'user_invalid' };
const digits = { ...text, pattern: '^[0-9]{4}$', examples: ['4711'] };
const word = { type: 'string', pattern: '^[a-z]+$' };
const ofPath = (pattern: string, example: string): JsonObject => {
  return { ...noted, in: 'header', schema: { type: 'string', pattern }, example, 'x-error-code': 'user_invalid' };
};

type TakenChange = [name: string, edits: Edits, brings?: string];

/** Adds a property to requests, which must bring a case that breaks it. */
const extra = (name: string, schema: JsonObject, breach: string): TakenChange => {
  return [name, property('extra', { ...refused, ...schema }), `body/extra/${breach}`];
};
/** Adds a parameter to transfers, which must bring a case that breaks it. */
const sent = (place: string, name: string, schema: JsonObject, more: JsonObject, breach: string): TakenChange => {
  return [name, parameter(place, schema, more), `${place}/x-note/${breach}`];
};

/** Changes that are taken, and the case that each must bring. */
const taken: TakenChange[] = [
  ['a range of statuses', { [`${one}/put/responses/4XX`]: { $ref: '#/components/responses/TokenExpired' } }],
  [
    'a range of successes',
    {
      [`${one}/put/responses/200`]: undefined,
      [`${one}/put/responses/202`]: undefined,
      [`${one}/put/responses/2XX`]: { $ref: '#/components/responses/Transferred' },
    },
  ],
  ['a default answer', { [`${one}/put/responses/default`]: { $ref: '#/components/responses/TokenExpired' } }],
  [
    'one example of a parameter',
    {
      '/components/parameters/PhoneCallId/examples': undefined,
      '/components/parameters/PhoneCallId/example': 'b817d2618fe6f1804333',
    },
  ],
  [
    'an example in a schema',
    { '/components/parameters/UserId/examples': undefined, '/components/parameters/UserId/schema/examples': ['12'] },
  ],
  [
    'one example of a body',
    {
      [`${body}/examples`]: undefined,
      [`${body}/example`]: valueAt(document, `${body}/examples/toPublicNumber/value`),
    },
  ],
  ['an enum of one value', { [`${action}/properties/action/const`]: undefined }, 'body/action/other-value'],
  ['a const alone', { [`${action}/properties/action/enum`]: undefined }, 'body/action/other-value'],
  [
    'a path by reference',
    { '/components/pathItems': { Call: valueAt(document, one) ?? {} }, [one]: { $ref: '#/components/pathItems/Call' } },
    'path/phoneCallId/blank-inside',
  ],
  ['anything', property('extra', true)],
  ['nothing', property('extra', false)],
  ['entries of anything', { '/components/schemas/PhoneCall/properties/extra': { type: 'array', items: true } }],
  extra(
    'a property by reference, with a code beside',
    { $ref: `#${action}/properties/sendCallTo`, ...userCode },
    'letter-start',
  ),
  ['properties beside a reference', { [`${body}/schema/properties`]: { extra: digits } }, 'body/extra/letters-only'],
  ['demands beside a reference', { [`${body}/schema/required`]: ['transferNumber'] }, 'body/transferNumber/missing'],
  extra('a pattern in allOf', { ...text, allOf: [{ pattern: '^[0-9]{4}$' }], examples: ['4711'] }, 'letters-only'),
  ['properties in allOf', { [`${action}/allOf`]: [{ properties: { extra: digits } }] }, 'body/extra/letters-only'],
  extra('alternatives of one value', { oneOf: [{ const: 'a' }, { const: 'b' }] }, 'other-value'),
  extra('alternatives of several values', { anyOf: [{ enum: ['a'] }, { enum: ['b'] }] }, 'other-value'),
  sent('header', 'a required header', word, { required: true, example: 'abc' }, 'missing'),
  [
    'a header of one operation, in capitals',
    parameter('header', { type: 'string', minLength: 3 }, { name: 'X-Tenant', required: true, example: 'abc' }),
    'header/X-Tenant/too-short',
  ],
  sent('header', 'an optional header', word, { example: 'abc' }, 'hyphen-inside'),
  [
    'a header of a path',
    { [`${one}/parameters`]: [...(valueAt(document, `${one}/parameters`) as JsonObject[]), ofPath('^[a-z]+$', 'abc')] },
    'header/x-note/hyphen-inside',
  ],
  sent('query', 'a required query parameter', word, { required: true, example: 'abc' }, 'missing'),
  sent('query', 'a query parameter that is a number', { type: 'integer', minimum: 1 }, { example: 5 }, 'too-low'),
  sent(
    'query',
    'a query parameter that is one of some',
    { type: 'string', enum: ['a', 'b'] },
    { example: 'a' },
    'other-value',
  ),
  [
    'a User without aliases',
    {
      '/components/parameters/UserId/schema/pattern': '^[0-9]+$',
      '/components/parameters/UserId/examples': { toPublicNumber: { value: '12' } },
    },
    'path/userId/as-me',
  ],
  ['a looser pattern', { [`${action}/properties/sendCallTo/pattern`]: '^.+$' }, 'body/sendCallTo/empty'],
  [
    'an operation of two parameters in one segment',
    {
      '/paths/~1uapi~1recordings~1{id}.{format}': {
        get: {
          ...other('getRecording'),
          parameters: [
            { ...inPath, name: 'id', schema: { type: 'integer', minimum: 1 }, example: 7, ...userCode },
            { ...inPath, name: 'format', schema: { enum: ['wav'] }, ...userCode },
          ],
        },
      },
    },
    'operations/getRecording/path/id/letters-only',
  ],
  [
    'an operationId with hyphens',
    { [`${one}/get/operationId`]: 'getPhoneCall', [`${all}/delete`]: other('end-phone-calls') },
  ],
  ['an operationId with a capital', { [`${all}/delete`]: other('EndPhoneCalls') }],
  ['an operationId with dots and digits', { [`${all}/delete`]: other('v2.calls.end') }],
  ['a property named constructor', property('constructor', digits), 'body/constructor/letters-only'],
  ['a property named toString', property('toString', { ...text, examples: ['a'] }), 'body/toString/null'],
  ['a property whose name has a slash', property('a~1b', { ...text, examples: ['a'] }), 'body/a/b/null'],
  [
    'a schema named constructor',
    {
      '/components/schemas/constructor': { type: 'string' },
      ...property('extra', { $ref: '#/components/schemas/constructor' }),
    },
  ],
  extra('a format without a breach', { ...text, format: 'password', examples: ['a'] }, 'null'),
  ['a schema with a URI', property('extra', { ...text, $id: 'https://pbx.test/extra', examples: ['a'] })],
  extra('a format of bytes', { ...text, format: 'byte', examples: ['YQ=='] }, 'null'),
  extra('a date', { ...text, format: 'date-time', examples: ['2012-06-27T16:08:55Z'] }, 'malformed'),
  extra(
    'the bounds of int64',
    { type: 'integer', format: 'int64', minimum: -(2 ** 63), maximum: 2 ** 63, examples: [1] },
    'too-high',
  ),
  extra('exclusive bounds', { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1, examples: [0.5] }, 'too-low'),
  extra('a length of emoji', { ...text, maxLength: 2, examples: ['😀😀'] }, 'too-long'),
  ['a property that requests need not have', property('extra', { type: 'string', readOnly: true, pattern: '^a$' })],
  ['a list', property('extra', { type: 'array', items: { type: 'string' }, examples: [['a']] })],
  ['an object', property('extra', { type: 'object', examples: [{ a: 1 }] })],
  extra('true or false', { type: 'boolean', examples: [true] }, 'number'),
  ['a reading without a token', { [`${one}/get/security`]: [] }],
  extra('two types', { type: ['string', 'null'], examples: ['a'] }, 'number'),
  ['a description that ends a comment', { [`${one}/put/description`]: 'Moves a call */ and `${more}`.' }],
];

const unread = /x-error-code is not read here/;

/** Changes that are refused, with the words for it. */
const rejected: [name: string, edits: Edits, words: RegExp][] = [
  ['a code of what requests need not have', property('extra', { ...text, readOnly: true }), /x-error-code is not read/],
  ['an operationId without letters', { [`${all}/delete`]: other('通話終了') }, /cannot name a method/],
  ['an operationId that is a word of JavaScript', { [`${all}/delete`]: other('delete') }, /cannot name a method/],
  ['two operationIds of one method', { [`${all}/delete`]: other('get-phone-call') }, /both name the method getPhone/],
  ['a parameter without a code', parameter('query', {}, { 'x-error-code': null }), /query parameter x-note: add x-err/],
  ['a code that no example shows', property('extra', { 'x-error-code': 'none' }), /names the error code none/],
  [
    'a key in place of a token',
    { '/components/securitySchemes/bearer/type': 'apiKey', '/components/securitySchemes/bearer/scheme': undefined },
    /bearer tokens only/,
  ],
  [
    'no success',
    { [`${one}/get/responses/200`]: undefined, [`${one}/get/responses/204`]: undefined },
    /no response has a status of success/,
  ],
  [
    'another method of a transfer',
    { [`${one}/post`]: valueAt(document, `${one}/put`), [`${one}/put`]: undefined },
    /must stay PUT \/uapi/,
  ],
  [
    'a refusal that is no plain JSON',
    {
      '/components/responses/AccessDenied/content': {
        'application/problem+json': { schema: { $ref: '#/components/schemas/AccessDenied' } },
      },
    },
    /its response 401 must have application\/json/,
  ],
  [
    'a body that may be a form',
    { '/components/requestBodies/Transfer/content/application~1x-www-form-urlencoded': { schema: {} } },
    /can be application\/json only; nothing here sends or takes application\/x-www-form-urlencoded/,
  ],
  ['a body that may be left out', { '/components/requestBodies/Transfer/required': false }, /its body must be requ/],
  ['a member that is gone', { [`${action}/properties/transferNumber`]: undefined }, /needs the members transferNumber/],
  [
    'a header of a path, which a transfer replaces',
    {
      [`${one}/parameters`]: [...(valueAt(document, `${one}/parameters`) as JsonObject[]), ofPath('^[a-z]+$', 'abc')],
      [`${one}/put/parameters`]: [ofPath('^[0-9]+$', '123')],
    },
    /getPhoneCall: .* no such header parameter x-note/,
  ],
  [
    'a header of a reading only',
    {
      [`${one}/get/parameters`]: [
        { ...noted, in: 'header', required: true, schema: text, example: 'a', 'x-error-code': 'user_invalid' },
      ],
    },
    /getPhoneCall: the suite sends the parameters of transferPhoneCall/,
  ],
  ['a transfer without a token', { '/security': [] }, /transferPhoneCall: it must demand a token/],
  ['a header without an example', parameter('header', text, { required: true }), /x-note is required: give it an/],
  ['a code of an inner property', property('extra', { ...refused, properties: { inner: text } }), unread],
  ['a code of an entry', property('extra', { ...refused, type: 'array', items: text }), unread],
  ['a code of an answer', { '/components/schemas/Link/x-error-code': 'user_invalid' }, unread],
  ['a profile of a response', { '/components/responses/Busy/x-profile': 'bulk' }, /x-profile is not read here/],
  ['a header that names another host', parameter('header', text, { name: 'X-Forwarded-Host' }), /never sends a header/],
  ['a header that OpenAPI ignores', parameter('header', text, { name: 'Authorization' }), /ignores a header parameter/],
  ['a parameter with content', parameter('header', {}, { content: { 'application/json': {} } }), /must have a schema/],
  ['a cookie', parameter('cookie', { type: 'string' }), /no cookies/],
  ['a parameter that is a list', parameter('query', { type: 'array' }), /must be a single value/],
  ['a name of two members', parameter('query', { type: 'string' }, { name: 'sendCallTo' }), /the name of two/],
  ['a reference to nothing', property('extra', { $ref: '#/components/None' }), /no object at \/components\/None/],
  [
    'a reference to itself',
    { ...property('extra', { $ref: `#${action}/properties/extra` }), [`${body}/schema`]: { $ref: `#${body}/schema` } },
    /leads back to itself/,
  ],
];

test.each(taken)('%s is taken by the generator, the suite and the copies', (_, edits, brings) => {
  const contract = contractWith(edits);
  expect(listProblems(contract)).toEqual([]);
  const { diagnostics = [] } = ts.transpileModule(writeOperations(contract), { reportDiagnostics: true });
  expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
  expect(asOpenApi30(contract.document)).toHaveProperty('openapi', '3.0.3');
  expect(withoutExtensions(contract.document)).toHaveProperty('openapi', '3.1.0');
  const ids = casesOf(contract).map(({ id }) => id);
  expect(ids.filter((id) => id === (brings ?? 'transfer/plain'))).toHaveLength(1);
});

test.each(rejected)('%s is refused with its place', (_, edits, words) => {
  const contract = (): Contract => contractWith(edits);
  const problems = (() => {
    try {
      return listProblems(contract());
    } catch (error) {
      return [asProblem(error)];
    }
  })();
  expect(problems.map(({ message }) => message).join('\n')).toMatch(words);
  const source = JSON.stringify(documentWith(edits), undefined, 2);
  for (const problem of problems)
    expect(formatProblem(problem, 'a.yaml', source)).toMatch(/^a\.yaml:[1-9]\d*:[1-9]\d*: \S/);
});

test.each<[string, Edits, RegExp]>([
  ['a negation', property('extra', { ...text, not: { const: 'a' } }), /breaks not of extra/],
  [
    'a property with members',
    property('extra', { ...refused, properties: { inner: { type: 'string' } } }),
    /properties of extra/,
  ],
  ['a condition on the body', { [`${action}/if`]: { required: ['extra'] } }, /breaks if of the request body/],
  [
    'no further members',
    { [`${action}/additionalProperties`]: false },
    /breaks additionalProperties of the request body/,
  ],
  ['an unknown format', property('extra', { ...text, format: 'phone', examples: ['1'] }), /breaks format of extra/],
  [
    'an operation that changes something',
    { [`${all}/delete`]: other('endCalls') },
    /endCalls: .* what must be refused/,
  ],
  ['an operation without an answer', { [`${all}/head`]: other('seeCalls') }, /no case of seeCalls: .* sends no HEAD/],
  [
    'an operation without an example',
    {
      [`${all}/post`]: {
        ...other('addCall'),
        parameters: [{ ...noted, in: 'query', required: true, schema: text, ...refused }],
      },
    },
    /no case of addCall: x-note has no example/,
  ],
  [
    'a webhook',
    { '/webhooks': { moved: { post: other('callMoved') } } },
    /neither the suite nor the client has webhooks/,
  ],
])('%s is taken, and told as something that no case tries', (_, edits, words) => {
  const messages = listUntried(contractWith(edits)).map(({ message }) => message);
  expect(messages).toEqual([expect.stringMatching(words)]);
});

test('the contract itself has no problem, and nothing that no case tries', () => {
  expect([...listProblems(readContract()), ...listUntried(readContract())]).toEqual([]);
});

describe('the mock keeps what the suite demands of', () => {
  test.each(
    taken.filter(([name]) =>
      /aliases|looser|one segment|header|query|allOf|beside|int64|emoji|without a breach|constructor$|successes|path by|a list$|an object|true or false|without a token/.test(
        name,
      ),
    ),
  )('%s', async (_, edits, brings) => {
    const contract = contractWith(edits);
    const mock = await startMock({ contract });
    onTestFinished(() => mock.close());
    const suite = createSuite(contract, readRequirements());
    const fixture = exampleFixture(contract);
    const target = {
      baseUrl: mock.url,
      loopback: true,
      token: 'token',
      tokenNamed: false,
      profiles: ['core'],
      fixture,
    };
    const run = startRun(suite, { ...target, concurrency: 8, timeout: 5000, effectTimeout: 500 });
    onTestFinished(async () => void (await run.close()));
    const group = brings?.replace(/[^/]*$/, '') ?? 'body/action/';
    const cases = allCases(suite, fixture).filter(
      ({ id }) =>
        /^(?:transfer\/plain$|notation\/|(?:reading\/)?authorization\/none$)/.test(id) ||
        id.replace('reading/', '').startsWith(group),
    );
    expect(cases.length).toBeGreaterThan(1);
    const results = await runCases(run, cases, 8);
    expect(
      results
        .filter(({ verdict }) => !/^(?:pass|not applicable)$/.test(verdict))
        .map(({ id, verdict, reason }) => [id, verdict, reason]),
    ).toEqual([]);
  });
});

test('the client of a contract with many of these changes compiles', async () => {
  const folder = await mkdtemp(join(process.cwd(), 'node_modules', '.changes-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const names = /range of statuses|need not have|default answer|hyphens|required query|^properties beside|comment/;
  const edits = Object.assign({}, ...taken.filter(([name]) => names.test(name)).map(([, edit]) => edit)) as Edits;
  const specification = join(folder, 'openapi.json');
  await writeFile(specification, JSON.stringify(documentWith(edits)));
  const out = join(folder, 'generated');
  const execute = promisify(execFile);
  await execute(process.execPath, ['scripts/generate.ts', '--spec', specification, '--out', out]);
  const configuration = JSON.parse(await readFile('tsconfig.json', 'utf8')) as { compilerOptions: object };
  const compilerOptions = { ...configuration.compilerOptions, paths: undefined };
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions,
      include: ['generated/**/*.ts', join(process.cwd(), 'scripts/generate/fetch-types.d.ts')],
    }),
  );
  const compiled = await execute(process.execPath, ['node_modules/@typescript/native/bin/tsc', '-p', folder]).catch(
    (error: { stdout: string }) => error,
  );
  expect(compiled.stdout).toBe('');
}, 60_000);

function other(operationId: string): JsonObject {
  return {
    operationId,
    summary: 'End calls',
    description: 'Ends calls.',
    tags: ['phoneCalls'],
    responses: valueAt(document, `${one}/get/responses`) ?? {},
  };
}

function casesOf(contract: Contract): ReturnType<typeof allCases> {
  return allCases(createSuite(contract, readRequirements()), exampleFixture(contract));
}
