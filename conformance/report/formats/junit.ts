import type { CaseResult } from '../../run/result.ts';
import { brokenCases, reproductions, violationLines } from '../broken-cases.ts';
import { faultCodesOf } from '../fault-codes.ts';
import { groupOf } from '../groups.ts';
import { elementOf, escaped, indented, outputLines, propertyLines, skippedLine } from './junit-elements.ts';
import { outdatedFailures, outdatedLines } from '../known-failures.ts';
import type { Report, ReportRequirement } from '../report.ts';

type Outcome = 'passed' | 'failed' | 'error' | 'skipped';

/** What a test case is in JUnit's words: its attributes, and the lines within it. */
interface TestCase {
  readonly outcome: Outcome;
  /** In milliseconds. */
  readonly duration: number;
  readonly lines: readonly string[];
}

/** The report for continuous integration: a test suite for each group, a test case for each case. */
export function junitReport(report: Report): string {
  const groups = Map.groupBy(report.cases, ({ requirement }) => groupOf(requirement));
  const testCaseOf = testCases(report);
  const suites = new Map([...groups].map(([group, results]) => [group, results.map(testCaseOf)]));
  const outdated = outdatedTestCases(report);
  if (outdated.length > 0) suites.set('known failures', outdated);
  const name = escaped(`conformance of ${report.target.name}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}" ${totalsOf([...suites.values()].flat())} time="${inSeconds(report.duration)}">`,
    ...[...suites].flatMap(([group, all]) => suiteLines(group, all, report)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(name: string, all: readonly TestCase[], report: Report): string[] {
  const skipped = all.filter(({ outcome }) => outcome === 'skipped').length;
  const duration = all.reduce((sum, testCase) => sum + testCase.duration, 0);
  const attributes = `name="${escaped(name)}" ${totalsOf(all)} skipped="${skipped}" time="${inSeconds(duration)}"`;
  return [
    `  <testsuite ${attributes} timestamp="${report.startedAt.slice(0, 19)}">`,
    ...indented(propertyLines(propertiesOfRun(report)), 4),
    ...all.flatMap(({ lines }) => indented(lines, 4)),
    '  </testsuite>',
  ];
}

function propertiesOfRun({ tool, contract, settings, fuzz, verdict }: Report): [string, string][] {
  return [
    ['verdict', verdict],
    ['tool', `${tool.name} ${tool.version}`],
    ['contract', `${contract.title} ${contract.version}, sha256 ${contract.sha256}`],
    ['profiles', settings.profiles.join(', ')],
    ...(fuzz === undefined ? [] : ([['seed', String(fuzz.seed)]] satisfies [string, string][])),
  ];
}

function testCases(report: Report): (result: CaseResult) => TestCase {
  const { contract, requirements } = report;
  const broken = brokenCases(report);
  const byId = new Map(requirements.map((requirement) => [requirement.id, requirement]));
  return (result) => {
    const { id, requirement, title, duration } = result;
    const about = byId.get(requirement);
    const place = about?.line === undefined ? '' : ` file="${escaped(contract.source)}" line="${about.line}"`;
    // Readers of JUnit take what stands before the last dot for a package.
    const names = `classname="${escaped(requirement.replaceAll('/', '.'))}" name="${escaped(`${id}: ${title}`)}"`;
    const { outcome, lines } = endingOf(result, broken.get(id), report);
    return {
      outcome,
      duration,
      lines: [
        `<testcase ${names}${place} time="${inSeconds(duration)}">`,
        ...indented(propertyLines(propertiesOfCase(result, about)), 2),
        ...indented(lines, 2),
        '</testcase>',
      ],
    };
  };
}

function propertiesOfCase(result: CaseResult, about: ReportRequirement | undefined): [string, string][] {
  const codes = result.checks.flatMap(({ requirement, violations }) => faultCodesOf(requirement, violations, result));
  return [
    ['requirement', result.requirement],
    ...(about === undefined
      ? []
      : ([
          ['level', about.level],
          ['contract', about.at],
        ] satisfies [string, string][])),
    ...(codes.length === 0 ? [] : ([['faultCodes', [...new Set(codes)].join(' ')]] satisfies [string, string][])),
  ];
}

function endingOf(result: CaseResult, worst: string | undefined, report: Report): Pick<TestCase, 'outcome' | 'lines'> {
  const { verdict, reason = '' } = result;
  const broken = violationLines(result);
  const again = reproductions(result, report.target.origin);
  if (worst === 'known') {
    return {
      outcome: 'skipped',
      lines: [skippedLine(`known: ${excuseOf(result, report)}`), ...outputLines([...broken, ...again])],
    };
  }
  if (worst === 'violated' || (worst === undefined && verdict === 'fail')) {
    return { outcome: 'failed', lines: [elementOf('failure', 'violation', broken.join('\n')), ...outputLines(again)] };
  }
  if (verdict === 'error') return { outcome: 'error', lines: [elementOf('error', 'error of the suite', reason)] };
  if (verdict === 'unreached' || verdict === 'not applicable') {
    return { outcome: 'skipped', lines: [skippedLine(`${verdict}: ${reason}`)] };
  }
  return {
    outcome: 'passed',
    lines: worst === 'warned' || verdict === 'warn' ? outputLines(['warning:', ...broken, ...again]) : [],
  };
}

function excuseOf({ id }: CaseResult, { findings }: Report): string {
  const { known } =
    findings.find((finding) => finding.known && finding.differences.some(({ cases }) => cases.includes(id))) ?? {};
  return `${known?.reason}${known?.until === undefined ? '' : ` (until ${known.until})`}`;
}

/** What is to be deleted from the list of known failures fails too, since the run does. */
function outdatedTestCases({ known }: Report): TestCase[] {
  const lines = outdatedLines(known);
  return outdatedFailures(known).map(({ id }, index) => ({
    outcome: 'failed',
    duration: 0,
    lines: [
      `<testcase classname="known" name="${escaped(id)}" time="0.000">`,
      ...indented([elementOf('failure', 'outdated', lines[index] ?? '')], 2),
      '</testcase>',
    ],
  }));
}

function totalsOf(all: readonly TestCase[]): string {
  const count = (wanted: Outcome) => all.filter(({ outcome }) => outcome === wanted).length;
  return `tests="${all.length}" failures="${count('failed')}" errors="${count('error')}"`;
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
