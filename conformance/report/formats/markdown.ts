import { brokenCases, reproductions } from '../broken-cases.ts';
import { findingHeadings, type Difference, type Finding } from '../findings.ts';
import { groupOf } from '../groups.ts';
import { outdatedLines } from '../known-failures.ts';
import type { Report, ReportRequirement } from '../report.ts';
import { requirementOutcomes } from '../verdict.ts';
import { shortened, visible } from '../visible.ts';

/** GitHub shows nothing of a summary that is larger than 1 MiB. */
const mostBytes = 512 * 1024;

/** How much of a finding is shown; all of it stands in report.json. */
const most = { differences: 3, violations: 3, cases: 20, command: 4000 };

/**
 * The report as Markdown, for the page of a job. What came from the target stands in preformatted blocks only, escaped,
 * so that it cannot become markup.
 */
export function summaryReport(report: Report): string {
  const { findings, verdict } = report;
  const head = [
    `## Conformance: ${verdict}`,
    '',
    ...preformatted(factsOf(report)),
    ...totalsTable(report.requirements),
    ...outdatedBlock(report),
  ];
  const blocks = findings.map((finding) => findingBlock(finding, report).join('\n'));
  const tail = reasonBlocks(report);
  const shown = fitting(blocks, mostBytes - bytesOf([...head, ...tail].join('\n')));
  const left = blocks.length - shown.length;
  return [
    ...head,
    ...(findings.length === 0 ? [] : [`### Findings: ${findings.length}`, '']),
    ...shown,
    ...(left === 0 ? [] : [`${left} more: see report.json, or report.html.`, '']),
    ...tail,
    '',
  ].join('\n');
}

function factsOf(report: Report): string[] {
  const { target, contract, tool, settings, fuzz, startedAt, duration, cases, remarks } = report;
  const known = new Set([...brokenCases(report)].filter(([, outcome]) => outcome === 'known').map(([id]) => id)).size;
  return [
    `target    ${target.name}`,
    `contract  ${contract.title} ${contract.version}, sha256 ${contract.sha256}`,
    `run       ${startedAt}, ${(duration / 1000).toFixed(1)} s, ${tool.name} ${tool.version}, profiles ${settings.profiles.join(', ')}`,
    ...(settings.shard === undefined ? [] : [`shard     ${settings.shard.index} of ${settings.shard.count}`]),
    `cases     ${cases.length}; ${inWords(report.totals.cases)}${known === 0 ? '' : `; ${known} of them known to fail`}`,
    ...(fuzz === undefined ? [] : [`fuzz      ${fuzz.values} values, seed ${fuzz.seed}`]),
    ...remarks.map((remark) => `remark    ${remark}`),
  ];
}

function totalsTable(requirements: readonly ReportRequirement[]): string[] {
  const columns = requirementOutcomes.filter((outcome) =>
    requirements.some((requirement) => requirement.outcome === outcome),
  );
  const count = (rows: readonly ReportRequirement[], outcome: string) =>
    rows.filter((requirement) => requirement.outcome === outcome).length;
  const row = (name: string, rows: readonly ReportRequirement[]) =>
    `| ${name} | ${columns.map((outcome) => count(rows, outcome) || '·').join(' | ')} |`;
  return [
    `| requirements | ${columns.join(' | ')} |`,
    `| --- | ${columns.map(() => '--:').join(' | ')} |`,
    ...[...Map.groupBy(requirements, ({ id }) => groupOf(id))].map(([group, rows]) => row(group, rows)),
    row('**all**', requirements),
    '',
  ];
}

/** What is to be deleted from the list of known failures, which is why a run that conforms does not pass. */
function outdatedBlock({ known }: Report): string[] {
  const lines = outdatedLines(known);
  return lines.length === 0 ? [] : ['### The list of known failures is not up to date', '', ...preformatted(lines)];
}

function findingBlock(finding: Finding, report: Report): string[] {
  const { outcome, requirements, differences, known } = finding;
  const about = report.requirements.filter(({ id }) => requirements.includes(id));
  const cases = new Set(differences.flatMap((difference) => difference.cases)).size;
  const [first] = about;
  const sentence = about.length === 1 ? `: ${first?.says}` : '';
  const title = about.length === 1 ? `${first?.id} (${first?.level})` : `${about.length} requirements alike`;
  const unshown = differences.length - most.differences;
  return [
    `<details><summary><b>${findingHeadings[outcome]} ${escaped(title)}</b>, ${cases} ${cases === 1 ? 'case' : 'cases'}${escaped(sentence)}</summary>`,
    '',
    ...preformatted([
      ...(known === undefined
        ? []
        : [`known     ${known.reason}${known.until === undefined ? '' : ` (until ${known.until})`}`]),
      ...about.flatMap((requirement) => requirementLines(requirement, about.length > 1, report)),
      ...differences.slice(0, most.differences).flatMap((difference) => ['', ...differenceLines(difference, report)]),
      ...(unshown > 0 ? ['', `and ${unshown} more ways to break it`] : []),
    ]),
    '</details>',
    '',
  ];
}

function requirementLines(
  { id, level, says, source, at, line }: ReportRequirement,
  isNamed: boolean,
  { contract }: Report,
) {
  return [
    ...(isNamed ? [`${id} (${level}): ${says}`] : []),
    `source    ${source}`,
    `contract  ${contract.source}${line === undefined ? '' : `:${line}`} ${at}`,
  ];
}

function differenceLines({ cases, example }: Difference, { cases: results, target }: Report): string[] {
  const result = results.find(({ id }) => id === example.case);
  const unnamed = cases.length - most.cases;
  const [again] = result === undefined ? [] : reproductions(result, target.origin);
  return [
    `cases     ${cases.slice(0, most.cases).join(', ')}${unnamed > 0 ? ` and ${unnamed} others` : ''}`,
    ...example.violations
      .slice(0, most.violations)
      .flatMap(({ at, expected, actual }) => [`expected  ${at}: ${expected}`, `actual    ${at}: ${actual}`]),
    ...(again === undefined ? [] : [`again     ${shortened(again, most.command)}`]),
  ];
}

function reasonBlocks({ requirements, cases }: Report): string[] {
  const errors = cases.filter(({ verdict }) => verdict === 'error').map(({ id, reason }) => `${id}: ${reason}`);
  const unreached = requirements.filter(({ outcome }) => outcome === 'unreached');
  const byReason = [...Map.groupBy(unreached, ({ reason }) => reason ?? '')].map(
    ([reason, rows]) => `${reason}: ${rows.map(({ id }) => id).join(', ')}`,
  );
  return [
    ...(errors.length === 0 ? [] : ['### Errors of the suite', '', ...preformatted(errors)]),
    ...(byReason.length === 0 ? [] : ['### Unreached', '', ...preformatted(byReason)]),
  ];
}

function inWords(totals: Readonly<Record<string, number>>): string {
  return Object.entries(totals)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}

/** Lines as they are: a block that begins after a blank line ends with its closing tag, and nowhere before. */
function preformatted(lines: readonly string[]): string[] {
  return ['<pre>', ...lines.map((line) => escaped(visible(shortened(line, most.command)))), '</pre>', ''];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** As many of the first texts as fit. */
function fitting(texts: readonly string[], bytes: number): string[] {
  const shown: string[] = [];
  let left = bytes;
  for (const text of texts) {
    left -= bytesOf(text) + 1;
    if (left < 0) break;
    shown.push(text);
  }
  return shown;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
