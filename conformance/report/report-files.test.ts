import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import MarkdownIt from 'markdown-it';
import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';
import { findReportProblem, type CaseResult, type Report } from './model.ts';
import { formats, writeReportFiles } from './report-files.ts';
import { sampleCase, sampleExchange, sampleReport, sampleRequirement, sampleRun } from './testing/samples.ts';
import { findJunitProblems, findSarifProblems } from './testing/validate-formats.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const recommendation = { ...sampleRequirement, id: 'body/text', level: 'SHOULD' as const };
const excluded = { ...sampleRequirement, id: 'body/size', excluded: 'no request can prove it' };
const failed = {
  request: { ...sampleExchange.request, path: '/api/calls?limit=1', body: undefined },
  failure: { kind: 'closed', message: 'The connection was closed.' },
} as const;

/** Makes a report with every outcome, in all whose places stands what came. */
function makeMixed(came: string): Report {
  const { request, response } = sampleExchange;
  const body = { length: came.length, text: came, problem: came };
  const answered = { request, response: { ...response, headers: { 'content-type': came }, body } };
  const exchanges = [answered, failed] as CaseResult['exchanges'];
  const cases = [
    sampleCase('pass', { requirement: 'path/user', exchanges }),
    sampleCase('fail', { title: came, exchanges }, came),
    sampleCase('fail', { id: 'body/number/known' }, came),
    sampleCase('warn', { requirement: recommendation.id }, came),
    sampleCase('unreached', { requirement: 'path/call', reason: came, checks: [] }),
    sampleCase('not applicable', { reason: came, checks: [] }),
    sampleCase('error', { reason: came, checks: [] }),
  ];
  const ids = ['path/user', 'path/call'].map((id) => ({ ...sampleRequirement, id }));
  return sampleReport(
    cases,
    [sampleRequirement, recommendation, excluded, ...ids],
    [
      { id: 'body/number/known', reason: came, until: '2026-12-31' },
      { id: came, reason: 'a slip' },
    ],
  );
}

const write = (name: string, report = makeMixed('200')) => formats[name]?.(report) ?? '';
const markdown = new MarkdownIt({ html: true, linkify: true });
const renderSummary = (report?: Report) => markdown.render(write('summary.md', report));

test.each<[file: string, what: string, text: string | RegExp]>([
  [
    'junit.xml',
    'the target, and the totals',
    /<testsuites name="conformance of https:\/\/pbx\.example\.com\/api" tests="8" failures="2" errors="1" time="1\.234">/,
  ],
  [
    'junit.xml',
    'a suite for each group',
    /<testsuite name="body" tests="5" failures="1" errors="1" skipped="2" time="0\.052" timestamp="2026-11-23T12:00:00">/,
  ],
  ['junit.xml', 'a failure', '<failure type="violation" message="body/number: status: expected 400, came 200">'],
  ['junit.xml', 'an error of the suite', '<error type="error of the suite" message="200">200</error>'],
  ['junit.xml', 'what was not reached', '<skipped message="unreached: 200"/>'],
  ['junit.xml', 'what had no object', '<skipped message="not applicable: 200"/>'],
  ['junit.xml', 'what is known, with why', '<skipped message="known: 200 (until 2026-12-31)"/>'],
  ['junit.xml', 'what is to be deleted', 'message="known.yaml:2: 200 is no case and no requirement: delete this line"'],
  ['junit.xml', 'a warning, which passes', '<system-out>warning:&#10;body/text: status: expected 400, came 200'],
  [
    'junit.xml',
    'the place in the contract',
    /<testcase classname="body\.number" name="body\/number\/fail: 200" file="spec\/openapi\.yaml" line="17"/,
  ],
  ['junit.xml', 'the requirement', '<property name="requirement" value="body/number"/>'],
  ['junit.xml', 'the tool', '<property name="tool" value="transfer-contract 0.1.0"/>'],
  ['junit.xml', 'how to send it again', 'curl -i --path-as-is -X PUT '],
  ['summary.md', 'the verdict', '<h2>Conformance: not conforming; '],
  ['summary.md', 'totals of a group', /<td>body<\/td>\s*<td[^>]*>·<\/td>\s*<td[^>]*>1<\/td>/],
  ['summary.md', 'totals of all', /<strong>all<\/strong><\/td>\s*<td[^>]*>1<\/td>\s*<td[^>]*>1<\/td>/],
  ['summary.md', 'a finding', '<summary><b>VIOLATED body/number (MUST)</b>, 1 case: A number is a number.</summary>'],
  ['summary.md', 'its place in the contract', /contract {2}spec\/openapi\.yaml:17\n +\/components\/schemas\/Number/],
  ['summary.md', 'what differs', /expected {2}status: 400\n +actual {4}status: 200\n[^]*\ncurl -i /],
  ['summary.md', 'what is known, with why', 'known     200 (until 2026-12-31)'],
  ['summary.md', 'the number of known failures', '1 of them known to fail'],
  ['summary.md', 'what is to be deleted', 'known.yaml:2: 200 is no case and no requirement: delete this line'],
  ['summary.md', 'what was not reached', /Unreached: 200\n +path\/call/],
  ['summary.md', 'an error of the suite', 'ERROR of the suite in body/number/error: 200'],
  ['report.html', 'what is known, with why', 'Known until 2026-12-31: 200'],
  ['report.html', 'the list of known failures', 'Known failures in <code>known.yaml</code>'],
])('%s has %s', (file, _, text) => {
  const written = file === 'summary.md' ? renderSummary() : write(file);
  expect(written).toMatch(text);
});

test('report.json tells everything, and keeps to its schema', () => {
  const report = JSON.parse(write('report.json')) as Report;
  expect(report).toMatchObject({
    $schema: 'urn:transfer-contract:report:3',
    version: 3,
    verdict: 'not conforming',
    target: sampleRun.target,
    duration: 1234,
    cases: [
      {},
      { id: 'body/number/fail', duration: 10.4, checks: [{ violations: [{ actual: '200' }] }] },
      {},
      {},
      {},
      {},
      {},
    ],
  });
  expect(report.requirements[0]).toMatchObject({ ...sampleRequirement, line: 17, outcome: 'violated' });
  expect(findReportProblem(report)).toBeUndefined();
  expect(findReportProblem({ ...report, cases: [{ ...report.cases[0], verdict: 'good' }] })).toMatch(
    /^\/cases\/0\/verdict: expected one of/,
  );
  expect(findReportProblem([])).toMatch(/^it: /);
});

test('report.har has every exchange, those without an answer too', () => {
  const { log } = JSON.parse(write('report.har')) as { log: { entries: object[] } };
  expect(log.entries).toHaveLength(9);
  expect(log.entries.slice(1, 3)).toMatchObject([
    {
      request: {
        url: 'https://pbx.example.com/api/calls?limit=1',
        queryString: [{ name: 'limit', value: '1' }],
        headers: expect.arrayContaining([{ name: 'authorization', value: 'Bearer $CONFORMANCE_TOKEN' }]) as unknown,
      },
      response: { status: 0, comment: 'The connection was closed.' },
    },
    {
      comment: 'body/number/fail: 200',
      request: { method: 'PUT', postData: { mimeType: 'application/json', text: '{"number":"abc"}' } },
      response: { status: 200, content: { size: 3, text: '200' } },
    },
  ]);
});

describe('report.sarif has', () => {
  const readRun = (report?: Report) => (JSON.parse(write('report.sarif', report)) as Log).runs[0];

  test('a rule for each requirement, and what was run', () => {
    expect(readRun()?.tool.driver.rules?.map(({ id }) => id)).toEqual([
      'body/number',
      'body/text',
      'path/user',
      'path/call',
    ]);
    expect(readRun()).toMatchObject({
      tool: {
        driver: {
          name: 'transfer-contract',
          semanticVersion: '0.1.0',
          rules: [
            {
              shortDescription: { text: 'A number is a number.' },
              help: { text: expect.stringContaining('Source: page.') as string },
              defaultConfiguration: { level: 'error' },
              properties: { tags: ['conformance', 'body'], contract: '/components/schemas/Number' },
            },
            {},
            {},
            {},
          ],
        },
      },
      automationDetails: { id: 'conformance/core/' },
      invocations: [
        {
          executionSuccessful: true,
          exitCode: 1,
          endTimeUtc: '2026-11-23T12:00:01.234Z',
          toolExecutionNotifications: [{ message: { text: 'Error of the suite in body/number/error: 200' } }],
        },
      ],
    });
  });

  test('a result for each broken requirement, suppressed if it is known', () => {
    expect(readRun()?.results).toMatchObject([
      {
        ruleId: 'body/number',
        ruleIndex: 0,
        level: 'error',
        message: { text: 'A number is a number.\nstatus: expected 400, came 200 (body/number/fail)' },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: 'spec/openapi.yaml' }, region: { startLine: 17 } },
            logicalLocations: [{ fullyQualifiedName: '/components/schemas/Number' }],
          },
        ],
        partialFingerprints: { 'requirement/v1': 'body/number' },
        webRequest: { target: 'https://pbx.example.com/api/calls/1', method: 'PUT' },
        webResponse: { statusCode: 200 },
        properties: { cases: ['body/number/fail'] },
      },
      { ruleId: 'body/number', suppressions: [{ justification: '200 (until 2026-12-31)' }] },
      { ruleId: 'body/text', level: 'warning' },
    ]);
  });

  test('the same fingerprint however much else is broken', () => {
    const fingerprints = (...actual: string[]) =>
      readRun(
        sampleReport(actual.map((answer, index) => sampleCase('fail', { id: `${index}` }, answer))),
      )?.results?.map(({ partialFingerprints }) => partialFingerprints);
    expect(fingerprints('200')).toEqual(fingerprints('500', '200', '302'));
  });
});

describe.each([
  ['markup', '</failure></script><x a="1" b=\'2\'>&amp;&nbsp;<img src=x onerror=alert(1)>'],
  ['the end of a block', '</pre></details><script>alert(1)</script>'],
  ['an end of a block that is spelt otherwise', '</PRE >\n\n<a href="x">x</a>'],
  ['a comment or the end of CDATA', ']]><!-- -- --><style>*{display:none}</style>'],
  ['a link', '[x](https://evil.example) https://evil.example "javascript:alert(1)\''],
  ['Markdown after blank lines', '\n\n# heading\n\n```\n~~~\n| a | b |\n| --- | --- |\n| c | d |'],
  ['control characters', Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('')],
  ['what cannot be seen', '\u202e\u200b\uFFFE\uFFFF \uD800 \uDC00 \u001B[31mred\u001B[0m'],
  ['letters of other scripts', '\u{1F4DE} é٣'],
])('%s that came', (_, came) => {
  const report = makeMixed(came);

  test('leaves junit.xml and report.sarif valid, and makes no link', async () => {
    expect(await findJunitProblems(write('junit.xml', report))).toEqual([]);
    expect(findSarifProblems(JSON.parse(write('report.sarif', report)))).toEqual([]);
    expect(write('report.sarif', report)).not.toMatch(/"message": \{\s*"text": "[^"]*\]\(/);
  });

  test('becomes no element of summary.md', () => {
    const elements = (html: string) =>
      [...html.matchAll(/<\/?([a-z]\w*)/gi)].map(([, name = '']) => name.toLowerCase());
    expect(elements(renderSummary(report))).toEqual(elements(renderSummary(makeMixed('harmless'))));
  });
});

test('summary.md stays below what GitHub shows, and says how much is left out', () => {
  const requirements = Array.from({ length: 300 }, (_, index) => ({ ...sampleRequirement, id: `body/${index}` }));
  const cases = requirements.map(({ id }, index) =>
    sampleCase('fail', { id: `${id}/case`, requirement: id }, `${'x'.repeat(3000)} ${'y'.repeat(index)}`),
  );
  const summary = write('summary.md', sampleReport(cases, requirements));
  expect(new TextEncoder().encode(summary).length).toBeLessThan(1024 * 1024);
  expect(summary).toMatch(/\n\d+ more: see report\.json, or report\.html\.\n/);
});

test('totals count the generated values of all cases', () => {
  const generated = (tried: number) => sampleCase('pass', { fuzz: { seed: 42, tried, steps: 0 } });
  expect(sampleReport([sampleCase('pass'), generated(1200), generated(50)]).fuzz).toEqual({ seed: 42, values: 1250 });
  expect(sampleReport([sampleCase('pass')]).fuzz).toBeUndefined();
});

test.each([
  ['many fields', (index: number) => [`x-${index}`, 'y'.repeat(50)], 'x'],
  ['many short fields', (index: number) => [`x-${index}`, '1'], 'x'],
  ['control characters', (index: number) => [`x-${index}`, '\u0001'.repeat(50)], '\0'],
])('800 answers with %s make a report of less than 10 MB, as every format', (_, makeField, character) => {
  const headers = Object.fromEntries(Array.from({ length: 2000 }, (__, index) => makeField(index)));
  const body = { length: 1_000_000, text: `${character.repeat(4096)}… (1000000 characters)` };
  const response = { status: 200, headers, body, duration: 1 };
  const cases = Array.from({ length: 800 }, (__, index) =>
    sampleCase('fail', { id: `body/number/${index}`, exchanges: [{ ...sampleExchange, response }] }),
  );
  const report = sampleReport(cases);
  const sizes = Object.keys(formats).map((name) => [name, write(name, report).length < 10_000_000]);
  expect(sizes).toEqual(Object.keys(formats).map((name) => [name, true]));
  expect(report.cases[0]?.exchanges[0]?.response?.headers['…']).toMatch(/^\d+ more fields$/);
});

test('a single long answer is kept as it is', () => {
  const body = { length: 1_000_000, text: `${'x'.repeat(4096)}… (1000000 characters)` };
  const response = { status: 200, headers: {}, body, duration: 1 };
  const report = sampleReport([sampleCase('fail', { exchanges: [{ ...sampleExchange, response }] })]);
  expect(report.cases[0]?.exchanges[0]?.response?.body).toEqual(body);
});

test('links in a folder that others can write to are replaced, not followed', () => {
  const folder = makeTemporaryFolder();
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'precious');
  const guessed = Object.keys(formats).flatMap((name) => [
    name,
    `${name}.unfinished`,
    `${name}.${process.pid}.unfinished`,
  ]);
  for (const name of guessed) symlinkSync(victim, join(folder, name));
  expect(writeReportFiles(folder, makeMixed('200'))).toEqual([]);
  expect(readFileSync(victim, 'utf8')).toBe('precious');
  for (const name of Object.keys(formats)) expect(lstatSync(join(folder, name)).isFile(), name).toBe(true);
  expect(readdirSync(folder).length).toBe(guessed.length + 1);
});
