import { brokenCases } from '../findings.ts';
import { outdatedFailures } from '../known.ts';
import type { CaseResult, Finding, Report } from '../model.ts';
import { reproductions } from '../reproduce.ts';
import { excuseText, violationText } from '../texts.ts';
import { groupName } from '../verdict.ts';

/** A test case in the terms of JUnit. */
interface TestCase {
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped';
  /** In milliseconds. */
  readonly duration: number;
  readonly element: string;
}

/** Writes the report for continuous integration: a test suite for each group, a test case for each case. */
export function junitReport(report: Report): string {
  const broken = brokenCases(report);
  const suites = Map.groupBy(report.cases, ({ requirement }) => groupName(requirement));
  const outdated = makeOutdatedTestCases(report);
  const all: [string, TestCase[]][] = [
    ...[...suites].map(([group, results]): [string, TestCase[]] => {
      return [group, results.map((result) => makeTestCase(result, broken.get(result.id), report))];
    }),
    ...(outdated.length === 0 ? [] : [['known failures', outdated] satisfies [string, TestCase[]]]),
  ];
  const attributes = {
    name: `conformance of ${report.target.name}`,
    ...countTestCases(all.flatMap(([, cases]) => cases)),
    time: inSeconds(report.duration),
  };
  const elements = all.map(([name, cases]) => makeSuite(name, cases, report));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, elements)}\n`;
}

function makeSuite(name: string, cases: readonly TestCase[], report: Report): string {
  const { tool, contract, settings, fuzz, verdict, startedAt } = report;
  const attributes = {
    name,
    ...countTestCases(cases),
    skipped: cases.filter(({ outcome }) => outcome === 'skipped').length,
    time: inSeconds(cases.reduce((sum, { duration }) => sum + duration, 0)),
    timestamp: startedAt.slice(0, 19),
  };
  const properties = makeProperties({
    verdict,
    tool: `${tool.name} ${tool.version}`,
    contract: `${contract.title} ${contract.version}, sha256 ${contract.sha256}`,
    profiles: settings.profile.join(', '),
    ...(fuzz && { seed: String(fuzz.seed) }),
  });
  return element('testsuite', attributes, [properties, ...cases.map((testCase) => testCase.element)]);
}

function makeTestCase(result: CaseResult, worst: Finding['outcome'] | undefined, report: Report): TestCase {
  const { id, requirement, title, duration } = result;
  const about = report.requirements.find((one) => one.id === requirement);
  const attributes = {
    // Readers of JUnit show the part before the last dot as a package.
    classname: requirement.replaceAll('/', '.'),
    name: `${id}: ${title}`,
    ...(about?.line !== undefined && { file: report.contract.source, line: about.line }),
    time: inSeconds(duration),
  };
  const properties = makeProperties({ requirement, ...(about && { level: about.level, contract: about.at }) });
  const { outcome, elements } = describeOutcome(result, worst, report);
  return { outcome, duration, element: element('testcase', attributes, [properties, ...elements]) };
}

function describeOutcome(
  result: CaseResult,
  worst: Finding['outcome'] | undefined,
  { findings, target }: Report,
): { readonly outcome: TestCase['outcome']; readonly elements: readonly string[] } {
  const { id, verdict, reason = '', checks } = result;
  const broken = checks.flatMap(({ requirement, violations }) =>
    violations.map((violation) => `${requirement}: ${violationText(violation)}`),
  );
  const again = reproductions(result, target.origin);
  if (worst === 'known') {
    const covers = ({ differences }: Finding) => differences.some(({ cases }) => cases.includes(id));
    const known = findings.find((finding) => finding.known && covers(finding))?.known;
    const excuse = element('skipped', { message: `known: ${known ? excuseText(known) : ''}` });
    return { outcome: 'skipped', elements: [excuse, ...makeOutput([...broken, ...again])] };
  }
  if (worst === 'violated' || (worst === undefined && verdict === 'fail')) {
    const failure = makeProblem('failure', 'violation', broken.join('\n'));
    return { outcome: 'failed', elements: [failure, ...makeOutput(again)] };
  }
  if (verdict === 'error') return { outcome: 'error', elements: [makeProblem('error', 'error of the suite', reason)] };
  if (verdict === 'unreached' || verdict === 'not applicable') {
    return { outcome: 'skipped', elements: [element('skipped', { message: `${verdict}: ${reason}` })] };
  }
  const isWarning = worst === 'warned' || verdict === 'warn';
  return { outcome: 'passed', elements: isWarning ? makeOutput(['warning:', ...broken, ...again]) : [] };
}

/** An entry that has to be deleted from the list of known failures fails too, since the run does. */
function makeOutdatedTestCases({ known }: Report): TestCase[] {
  return outdatedFailures(known).map(({ id, advice }) => {
    const problem = makeProblem('failure', 'outdated', advice);
    const attributes = { classname: 'known', name: id, time: inSeconds(0) };
    return { outcome: 'failed', duration: 0, element: element('testcase', attributes, [problem]) };
  });
}

function countTestCases(cases: readonly TestCase[]): Record<string, number> {
  const count = (wanted: TestCase['outcome']) => cases.filter(({ outcome }) => outcome === wanted).length;
  return { tests: cases.length, failures: count('failed'), errors: count('error') };
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** Makes an element whose message is the first line of its text. */
function makeProblem(name: 'failure' | 'error', type: string, text: string): string {
  return element(name, { type, message: text.split('\n')[0] ?? '' }, escapeXml(text));
}

function makeOutput(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [element('system-out', {}, escapeXml(lines.join('\n')))];
}

function makeProperties(properties: Readonly<Record<string, string>>): string {
  const elements = Object.entries(properties).map(([name, value]) => element('property', { name, value }));
  return element('properties', {}, elements);
}

/** Writes an element. Its content is escaped text on one line, or elements on lines of their own. */
function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: string | readonly string[] = [],
): string {
  const start = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escapeXml(String(value))}"`)];
  if (content.length === 0) return `<${start.join(' ')}/>`;
  const inner = typeof content === 'string' ? content : `\n${content.join('\n').replaceAll(/^/gm, '  ')}\n`;
  return `<${start.join(' ')}>${inner}</${name}>`;
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
