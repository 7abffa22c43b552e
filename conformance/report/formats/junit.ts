import { brokenCases } from '../findings.ts';
import { outdatedFailures } from '../known.ts';
import type { CaseResult, Finding, Report } from '../model.ts';
import { excuseText, violationText } from '../texts.ts';
import { groupName } from '../verdict.ts';
import { viewExchanges } from '../view.ts';

interface TestCase {
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped';
  /** In milliseconds. */
  readonly duration: number;
  readonly attributes: Attributes;
  readonly content: readonly string[];
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Writes the report for continuous integration: a test suite for each group, a test case for each case. */
export function junitReport(report: Report): string {
  const broken = brokenCases(report);
  const groups = Map.groupBy(report.cases, ({ requirement }) => groupName(requirement));
  const suites = [...groups].map(([group, results]) => ({
    name: group,
    cases: results.map((result) => makeTestCase(result, broken.get(result.id), report)),
  }));
  // An entry that has to be deleted from the list of known failures fails too, since the run does.
  const outdated = outdatedFailures(report.known).map(({ id, advice }): TestCase => {
    const attributes = { classname: 'known', name: id };
    return { outcome: 'failed', duration: 0, attributes, content: [problem('failure', 'outdated', advice)] };
  });
  if (outdated.length > 0) suites.push({ name: 'known failures', cases: outdated });
  const attributes = {
    name: `conformance of ${report.target.name}`,
    ...countOutcomes(suites.flatMap(({ cases }) => cases)),
    time: inSeconds(report.duration),
  };
  const elements = suites.map(({ name, cases }) => makeSuite(name, cases, report));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, elements)}\n`;
}

function makeSuite(name: string, cases: readonly TestCase[], report: Report): string {
  const { tool, contract, settings, fuzz, verdict, startedAt } = report;
  const attributes = {
    name,
    ...countOutcomes(cases),
    skipped: cases.filter(({ outcome }) => outcome === 'skipped').length,
    time: inSeconds(cases.reduce((sum, { duration }) => sum + duration, 0)),
    timestamp: startedAt.slice(0, 19),
  };
  const properties = makeProperties({
    verdict,
    tool: `${tool.name} ${tool.version}`,
    contract: `${contract.title} ${contract.version}, sha256 ${contract.sha256}`,
    profiles: settings.profile.join(', '),
    seed: fuzz?.seed,
  });
  const elements = cases.map(({ attributes: own, duration, content }) =>
    element('testcase', { ...own, time: inSeconds(duration) }, content),
  );
  return element('testsuite', attributes, [properties, ...elements]);
}

function makeTestCase(result: CaseResult, worst: Finding['outcome'] | undefined, report: Report): TestCase {
  const { id, requirement, title, duration } = result;
  const { line, level, at } = report.requirements.find((one) => one.id === requirement) ?? {};
  const { outcome, elements } = describeOutcome(result, worst, report);
  return {
    outcome,
    duration,
    attributes: {
      // Readers of JUnit show the part before the last dot as a package.
      classname: requirement.replaceAll('/', '.'),
      name: `${id}: ${title}`,
      file: line === undefined ? undefined : report.contract.source,
      line,
    },
    content: [makeProperties({ requirement, level, contract: at }), ...elements],
  };
}

function describeOutcome(
  result: CaseResult,
  worst: Finding['outcome'] | undefined,
  report: Report,
): { readonly outcome: TestCase['outcome']; readonly elements: readonly string[] } {
  const { id, verdict, reason = '', checks } = result;
  const broken = checks.flatMap(({ requirement, violations }) =>
    violations.map((violation) => `${requirement}: ${violationText(violation)}`),
  );
  const shown =
    broken.length === 0 ? [] : viewExchanges(result, report).filter((exchange) => exchange.broken.length > 0);
  const again = shown.map(({ curl, again: advice = '' }) => curl ?? advice);
  if (worst === 'known') {
    const covers = ({ differences }: Finding) => differences.some(({ cases }) => cases.includes(id));
    const known = report.findings.find((finding) => finding.known !== undefined && covers(finding))?.known;
    const message = `known: ${known === undefined ? '' : excuseText(known)}`;
    return { outcome: 'skipped', elements: [element('skipped', { message }), ...output([...broken, ...again])] };
  }
  if (worst === 'violated' || (worst === undefined && verdict === 'fail')) {
    const failure = problem('failure', 'violation', broken.join('\n'));
    return { outcome: 'failed', elements: [failure, ...output(again)] };
  }
  if (verdict === 'error') return { outcome: 'error', elements: [problem('error', 'error of the suite', reason)] };
  if (verdict === 'unreached' || verdict === 'not applicable') {
    return { outcome: 'skipped', elements: [element('skipped', { message: `${verdict}: ${reason}` })] };
  }
  return { outcome: 'passed', elements: broken.length === 0 ? [] : output(['warning:', ...broken, ...again]) };
}

function countOutcomes(cases: readonly TestCase[]): Attributes {
  const count = (wanted: TestCase['outcome']) => cases.filter(({ outcome }) => outcome === wanted).length;
  return { tests: cases.length, failures: count('failed'), errors: count('error') };
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** Makes an element whose message is the first line of its text. */
function problem(name: 'failure' | 'error', type: string, text: string): string {
  return element(name, { type, message: text.split('\n')[0] }, escapeXml(text));
}

function output(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [element('system-out', {}, escapeXml(lines.join('\n')))];
}

function makeProperties(properties: Attributes): string {
  const known = Object.entries(properties).filter(([, value]) => value !== undefined);
  return element(
    'properties',
    {},
    known.map(([name, value]) => element('property', { name, value })),
  );
}

/** Writes an element. Its content is escaped text on one line, or elements on lines of their own. */
function element(name: string, attributes: Attributes, content: string | readonly string[] = []): string {
  const known = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const start = [name, ...known.map(([key, value]) => `${key}="${escapeXml(String(value))}"`)].join(' ');
  if (content.length === 0) return `<${start}/>`;
  const inner = typeof content === 'string' ? content : `\n${content.join('\n').replaceAll(/^/gm, '  ')}\n`;
  return `<${start}>${inner}</${name}>`;
}

/** Escapes a text for an XML 1.0 document, and replaces the control characters that XML forbids. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
