import { describe, expect, test } from 'vitest';
import { sampleCase, sampleReport, sampleRequirement } from '../testing/samples.ts';
import { findJunitProblems } from '../testing/validate-formats.ts';
import { junitReport } from './junit.ts';

const junit = (...cases: Parameters<typeof sampleReport>[0]) => junitReport(sampleReport(cases));

describe('junit.xml', () => {
  test('has a suite for each group, and an element for each outcome', async () => {
    const xml = junit(
      sampleCase('pass'),
      sampleCase('fail'),
      sampleCase('error', { reason: 'unsound' }),
      sampleCase('unreached', { reason: 'the fixture lacks --call' }),
      sampleCase('not applicable', { requirement: 'path/user', reason: 'nothing to check' }),
    );
    expect(await findJunitProblems(xml)).toEqual([]);
    expect(xml).toContain(
      '<testsuites name="conformance of https://pbx.example.com/api" tests="5" failures="1" errors="1" time="1.234">',
    );
    expect(xml).toContain(
      '<testsuite name="body" tests="4" failures="1" errors="1" skipped="1" time="0.042" timestamp="2026-11-23T12:00:00">',
    );
    expect(xml).toContain(
      '<testsuite name="path" tests="1" failures="0" errors="0" skipped="1" time="0.010" timestamp="2026-11-23T12:00:00">',
    );
    expect(xml).toContain('<failure type="violation" message="body/number: status: expected 400, came 200">');
    expect(xml).toContain('<error type="error of the suite" message="unsound">unsound</error>');
    expect(xml).toContain('<skipped message="unreached: the fixture lacks --call"/>');
    expect(xml).toContain('<skipped message="not applicable: nothing to check"/>');
    expect(xml.match(/<testcase /g)).toHaveLength(5);
  });

  test('says of a case what it is about, where the contract says so, and how to send it again', () => {
    const xml = junit(sampleCase('fail'));
    expect(xml).toContain(
      '<testcase classname="body.number" name="body/number/fail: refuses what is no number" file="spec/openapi.yaml" line="17" time="0.010">',
    );
    expect(propertiesIn(xml)).toMatchObject({
      requirement: 'body/number',
      level: 'MUST',
      contract: '/components/schemas/Number',
    });
    expect(xml).toContain('<system-out>curl -i --path-as-is -X PUT ');
  });

  test('says of a run what was held against what', () => {
    expect(propertiesIn(junit(sampleCase('pass')))).toMatchObject({
      verdict: 'conforming',
      tool: 'transfer-contract 0.1.0',
      profiles: 'core',
    });
  });

  test('a warning passes, and says so', () => {
    const should = { ...sampleRequirement, level: 'SHOULD' } as const;
    const xml = junitReport(sampleReport([sampleCase('warn')], [should]));
    expect(xml).toContain('<system-out>warning:&#10;body/number: status: expected 400, came 200');
    expect(xml).toContain('failures="0"');
  });

  test('a known failure is skipped, with why, and what came', async () => {
    const known = [{ id: 'body/number', reason: 'issue 12', until: '2026-12-31' }];
    const xml = junitReport(sampleReport([sampleCase('fail')], [sampleRequirement], known));
    expect(await findJunitProblems(xml)).toEqual([]);
    expect(xml).toContain('<skipped message="known: issue 12 (until 2026-12-31)"/>');
    expect(xml).toContain('<system-out>body/number: status: expected 400, came 200');
    expect(xml).toContain('failures="0" errors="0" skipped="1"');
  });

  test('what is to be deleted from the list of known failures fails', async () => {
    const known = [{ id: 'body/number', reason: 'issue 12' }];
    const xml = junitReport(sampleReport([sampleCase('pass')], [sampleRequirement], known));
    expect(await findJunitProblems(xml)).toEqual([]);
    expect(xml).toContain('<testsuite name="known failures" tests="1" failures="1"');
    expect(xml).toContain('message="known.yaml:1: body/number passes now: delete this line"');
  });

  test.each([
    ['markup', '</failure><x a="1" b=\'2\'>&amp;&nbsp;'],
    ['the end of a CDATA section', ']]>'],
    ['a comment', '<!-- -- -->'],
    ['lines', 'one\ntwo\r\nthree'],
    ['control characters', Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('')],
    ['noncharacters', '\uFFFE\uFFFF'],
    ['surrogates by themselves', '\uD800 \uDC00'],
    ['characters beyond the first plane', '\u{1F4DE}'],
    ['escape sequences of a terminal', '\u001B[31mred\u001B[0m'],
  ])('is well-formed whatever came: %s', async (_, came) => {
    const cases = [
      sampleCase('fail', { title: came }, came),
      sampleCase('error', { reason: came }),
      sampleCase('warn', {}, came),
      sampleCase('unreached', { reason: came }),
    ];
    expect(await findJunitProblems(junit(...cases))).toEqual([]);
  });

  test('keeps the characters that XML allows', () => {
    expect(junit(sampleCase('fail', {}, '\u{1F4DE} é٣'))).toContain('came \u{1F4DE} é٣<');
  });
});

/** The properties of a document, the last of each name. */
function propertiesIn(document: string): Record<string, string> {
  return Object.fromEntries(
    [...document.matchAll(/<property name="([^"]*)" value="([^"]*)"\/>/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}
