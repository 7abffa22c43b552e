import type { CaseResult } from '../run/result.ts';
import type { Report } from './report.ts';

/** The report for continuous integration: a test suite for each group, a test case for each case. */
export function junitReport({ cases, target, duration }: Report): string {
  const groups = Map.groupBy(cases, ({ requirement }) => requirement.split('/')[0] ?? '');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(`conformance of ${target.name}`)}" ${totalsOf(cases)} time="${inSeconds(duration)}">`,
    ...[...groups].flatMap(([group, results]) => [
      `  <testsuite name="${escaped(group)}" ${totalsOf(results)} time="${inSeconds(sumOf(results))}">`,
      ...results.flatMap(testCaseLines),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function testCaseLines(result: CaseResult): string[] {
  const { id, requirement, title, verdict, reason = '', duration } = result;
  const name = escaped(`${id}: ${title}`);
  const opening = `    <testcase classname="${escaped(requirement)}" name="${name}" time="${inSeconds(duration)}"`;
  if (verdict === 'fail') return [`${opening}>`, elementOf('failure', violationsOf(result)), '    </testcase>'];
  if (verdict === 'error') return [`${opening}>`, elementOf('error', reason), '    </testcase>'];
  if (verdict === 'unreached' || verdict === 'not applicable') {
    const message = escaped(`${verdict}: ${reason}`);
    return [`${opening}>`, `      <skipped message="${message}"/>`, '    </testcase>'];
  }
  if (verdict === 'warn') {
    return [
      `${opening}>`,
      `      <system-out>${escaped(`warning: ${violationsOf(result)}`)}</system-out>`,
      '    </testcase>',
    ];
  }
  return [`${opening}/>`];
}

function elementOf(name: string, text: string): string {
  const [first = ''] = text.split('\n');
  return `      <${name} message="${escaped(first)}">${escaped(text)}</${name}>`;
}

function violationsOf({ checks }: CaseResult): string {
  return checks
    .flatMap(({ requirement, violations }) => violations.map((violation) => ({ requirement, ...violation })))
    .map(({ requirement, at, expected, actual }) => `${requirement}: ${at}: expected ${expected}, came ${actual}`)
    .join('\n');
}

function totalsOf(results: readonly CaseResult[]): string {
  const count = (...verdicts: string[]) => results.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const skipped = count('unreached', 'not applicable');
  return `tests="${results.length}" failures="${count('fail')}" errors="${count('error')}" skipped="${skipped}"`;
}

function sumOf(results: readonly CaseResult[]): number {
  return results.reduce((sum, { duration }) => sum + duration, 0);
}

function inSeconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** A text for an XML 1.0 document, in which most control characters may not occur at all. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"\n]/g, (character) => entities[character] ?? character);
}
