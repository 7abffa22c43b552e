import { brokenCases } from '../findings.ts';
import { outdatedFailures } from '../known.ts';
import type { CaseResult, Finding, Report, ReportRequirement } from '../model.ts';
import { reproductions } from '../reproduce.ts';
import { excuseText, violationText } from '../texts.ts';
import { groupName } from '../totals.ts';

/** A test case in the terms of JUnit: its outcome, and its element as lines. */
interface TestCase {
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped';
  /** In milliseconds. */
  readonly duration: number;
  readonly lines: readonly string[];
}

/** Writes the report for continuous integration: a test suite for each group, a test case for each case. */
export function junitReport(report: Report): string {
  const groups = Map.groupBy(report.cases, ({ requirement }) => groupName(requirement));
  const broken = brokenCases(report);
  const suites = [...groups].map(([group, results]) => {
    return [group, results.map((result) => makeTestCase(result, broken.get(result.id), report))] as const;
  });
  const outdated = outdatedTestCases(report);
  const all = outdated.length === 0 ? suites : [...suites, ['known failures', outdated] as const];
  const name = escapeXml(`conformance of ${report.target.name}`);
  const totals = totalsAttributes(all.flatMap(([, cases]) => cases));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}" ${totals} time="${inSeconds(report.duration)}">`,
    ...all.flatMap(([group, cases]) => suiteLines(group, cases, report)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(name: string, cases: readonly TestCase[], report: Report): string[] {
  const { tool, contract, settings, fuzz, verdict, startedAt } = report;
  const skipped = cases.filter(({ outcome }) => outcome === 'skipped').length;
  const duration = cases.reduce((sum, testCase) => sum + testCase.duration, 0);
  const attributes = `name="${escapeXml(name)}" ${totalsAttributes(cases)} skipped="${skipped}" time="${inSeconds(duration)}"`;
  const properties = {
    verdict,
    tool: `${tool.name} ${tool.version}`,
    contract: `${contract.title} ${contract.version}, sha256 ${contract.sha256}`,
    profiles: settings.profile.join(', '),
    ...(fuzz && { seed: String(fuzz.seed) }),
  };
  return [
    `  <testsuite ${attributes} timestamp="${startedAt.slice(0, 19)}">`,
    ...indent(propertyLines(properties), 4),
    ...cases.flatMap(({ lines }) => indent(lines, 4)),
    '  </testsuite>',
  ];
}

function makeTestCase(result: CaseResult, worst: Finding['outcome'] | undefined, report: Report): TestCase {
  const { id, requirement, title, duration } = result;
  const about = report.requirements.find((one: ReportRequirement) => one.id === requirement);
  const place = about?.line === undefined ? '' : ` file="${escapeXml(report.contract.source)}" line="${about.line}"`;
  // Readers of JUnit show the part before the last dot as a package.
  const names = `classname="${escapeXml(requirement.replaceAll('/', '.'))}" name="${escapeXml(`${id}: ${title}`)}"`;
  const { outcome, lines } = describeOutcome(result, worst, report);
  return {
    outcome,
    duration,
    lines: [
      `<testcase ${names}${place} time="${inSeconds(duration)}">`,
      ...indent(propertyLines({ requirement, ...(about && { level: about.level, contract: about.at }) }), 2),
      ...indent(lines, 2),
      '</testcase>',
    ],
  };
}

function describeOutcome(
  result: CaseResult,
  worst: Finding['outcome'] | undefined,
  report: Report,
): Pick<TestCase, 'outcome' | 'lines'> {
  const { verdict, reason = '', checks } = result;
  const broken = checks.flatMap(({ requirement, violations }) =>
    violations.map((violation) => `${requirement}: ${violationText(violation)}`),
  );
  const again = reproductions(result, report.target.origin);
  if (worst === 'known') {
    const excuse = skippedLine(`known: ${findExcuse(result, report)}`);
    return { outcome: 'skipped', lines: [excuse, ...outputLines([...broken, ...again])] };
  }
  if (worst === 'violated' || (worst === undefined && verdict === 'fail')) {
    return {
      outcome: 'failed',
      lines: [problemLine('failure', 'violation', broken.join('\n')), ...outputLines(again)],
    };
  }
  if (verdict === 'error') return { outcome: 'error', lines: [problemLine('error', 'error of the suite', reason)] };
  if (verdict === 'unreached' || verdict === 'not applicable') {
    return { outcome: 'skipped', lines: [skippedLine(`${verdict}: ${reason}`)] };
  }
  const isWarning = worst === 'warned' || verdict === 'warn';
  return { outcome: 'passed', lines: isWarning ? outputLines(['warning:', ...broken, ...again]) : [] };
}

function findExcuse({ id }: CaseResult, { findings }: Report): string {
  const finding = findings.find(
    ({ known, differences }) => known && differences.some(({ cases }) => cases.includes(id)),
  );
  return finding?.known === undefined ? '' : excuseText(finding.known);
}

/** An entry that has to be deleted from the list of known failures fails too, since the run does. */
function outdatedTestCases({ known }: Report): TestCase[] {
  return outdatedFailures(known).map(({ id, advice }) => ({
    outcome: 'failed',
    duration: 0,
    lines: [
      `<testcase classname="known" name="${escapeXml(id)}" time="0.000">`,
      ...indent([problemLine('failure', 'outdated', advice)], 2),
      '</testcase>',
    ],
  }));
}

function totalsAttributes(cases: readonly TestCase[]): string {
  const count = (wanted: TestCase['outcome']) => cases.filter(({ outcome }) => outcome === wanted).length;
  return `tests="${cases.length}" failures="${count('failed')}" errors="${count('error')}"`;
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** Writes an element whose message is the first line of its text. */
function problemLine(name: 'failure' | 'error', type: string, text: string): string {
  const [first = ''] = text.split('\n');
  return `<${name} type="${type}" message="${escapeXml(first)}">${escapeXml(text)}</${name}>`;
}

function skippedLine(message: string): string {
  return `<skipped message="${escapeXml(message)}"/>`;
}

function outputLines(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`<system-out>${escapeXml(lines.join('\n'))}</system-out>`];
}

function propertyLines(properties: Readonly<Record<string, string>>): string[] {
  const lines = Object.entries(properties).map(
    ([name, value]) => `  <property name="${escapeXml(name)}" value="${escapeXml(value)}"/>`,
  );
  return ['<properties>', ...lines, '</properties>'];
}

function indent(lines: readonly string[], width: number): string[] {
  return lines.map((line) => `${' '.repeat(width)}${line}`);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** Escapes a text for an XML 1.0 document, and replaces the control characters that XML forbids. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"\n]/g, (character) => entities[character] ?? character);
}
