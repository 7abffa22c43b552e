import type { Log, Run } from 'sarif';
import { describe, expect, test } from 'vitest';
import { sampleCase, sampleReport, sampleRequirement } from '../testing/samples.ts';
import { findSarifProblems } from '../testing/validate-formats.ts';
import { sarifReport } from './sarif.ts';

/** Returns the run of a SARIF log, after validating it by the schema of SARIF. */
function readRun(...report: Parameters<typeof sampleReport>): Run {
  const log = JSON.parse(sarifReport(sampleReport(...report))) as Log;
  expect(findSarifProblems(log)).toEqual([]);
  return log.runs[0] as Run;
}

test('a log says what was run, and has a rule for each requirement', () => {
  const excluded = { ...sampleRequirement, id: 'body/size', excluded: 'no request can prove it' };
  const run = readRun([sampleCase('pass')], [sampleRequirement, excluded]);
  expect(run).toMatchObject({
    tool: { driver: { name: 'transfer-contract', semanticVersion: '0.1.0' } },
    automationDetails: { id: 'conformance/core/' },
    invocations: [{ executionSuccessful: true, exitCode: 0, endTimeUtc: '2026-11-23T12:00:01.234Z' }],
    results: [],
  });
  expect(run.tool.driver.rules).toMatchObject([
    {
      id: 'body/number',
      shortDescription: { text: 'A number is a number.' },
      help: { text: expect.stringContaining('Source: page.') as string },
      defaultConfiguration: { level: 'error' },
      properties: { tags: ['conformance', 'body'], contract: '/components/schemas/Number' },
    },
  ]);
});

describe('a result', () => {
  test('says what differs, where the contract says so, and what was sent and came', () => {
    const cases = ['a', 'b', 'c', 'd'].map((id) => sampleCase('fail', { id }));
    expect(readRun(cases).results).toMatchObject([
      {
        ruleId: 'body/number',
        ruleIndex: 0,
        level: 'error',
        message: {
          text: 'A number is a number.\nstatus: expected 400, came 200 (4 cases, a, b, c for example)',
        },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: 'spec/openapi.yaml' }, region: { startLine: 17 } },
            logicalLocations: [{ fullyQualifiedName: '/components/schemas/Number' }],
          },
        ],
        partialFingerprints: { 'requirement/v1': 'body/number' },
        webRequest: { target: 'https://pbx.example.com/api/calls/1', method: 'PUT' },
        webResponse: { statusCode: 200 },
        properties: { cases: ['a', 'b', 'c', 'd'] },
      },
    ]);
  });

  test('keeps its fingerprint however much else is broken', () => {
    const fingerprints = (...actual: string[]) =>
      readRun(actual.map((answer, index) => sampleCase('fail', { id: `case/${index}` }, answer))).results?.map(
        ({ partialFingerprints }) => partialFingerprints,
      );
    expect(fingerprints('200')).toEqual(fingerprints('500', '200', '302'));
  });

  test('of a recommendation is a warning', () => {
    const should = { ...sampleRequirement, level: 'SHOULD' } as const;
    expect(readRun([sampleCase('warn')], [should]).results).toMatchObject([{ level: 'warning' }]);
  });

  test('that is known is suppressed, with why', () => {
    const known = [{ id: 'a', reason: 'issue 12', until: '2026-12-31' }];
    const cases = [sampleCase('fail', { id: 'a' }), sampleCase('fail', { id: 'b' })];
    const { results } = readRun(cases, [sampleRequirement], known);
    expect(results?.map(({ suppressions }) => suppressions?.[0]?.justification)).toEqual([
      undefined,
      'issue 12 (until 2026-12-31)',
    ]);
    expect(results?.map(({ properties }) => properties?.cases as unknown)).toEqual([['b'], ['a']]);
  });

  test('makes no link of what came', () => {
    const came = '[click](https://evil.example)';
    expect(readRun([sampleCase('fail', {}, came)]).results?.[0]?.message.text).toContain('[click] (https:');
  });
});

test('an error of the suite is a notification', () => {
  const run = readRun([sampleCase('error', { reason: 'The request is not what it claims.' })]);
  expect(run.invocations).toMatchObject([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [{ message: { text: expect.stringContaining('The request is not') as string } }],
    },
  ]);
});
