import { appendFileSync } from 'node:fs';
import { viewFinding } from '../view.ts';
import { outdatedFailures } from '../known.ts';
import type { Finding, Report } from '../model.ts';
import { shorten, visible } from '../texts.ts';
import { markdownReport } from './markdown.ts';

/** The number of annotations of each kind that GitHub shows for a step. */
const mostOfKind = 10;

/** The largest part of a violation that is shown, in characters. */
const longest = 500;

/** A message that GitHub shows at a line of a file, or at the step if it names no file. */
interface Annotation {
  readonly kind: 'error' | 'warning';
  readonly file?: string;
  readonly line?: number | undefined;
  readonly title: string;
  readonly lines: readonly string[];
}

/** The environment of a process. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Adds the summary of a report to the page of the job, within GitHub Actions.
 *
 * @returns A line if that failed.
 */
export function addToJobSummary(report: Report, environment: Environment): string[] {
  const file = environment.GITHUB_STEP_SUMMARY;
  if (!isGitHubActions(environment) || file === undefined || file === '') return [];
  try {
    appendFileSync(file, markdownReport(report));
    return [];
  } catch (error) {
    return [`The summary could not be added to the page of the job: ${(error as Error).message}`];
  }
}

function isGitHubActions({ GITHUB_ACTIONS }: Environment): boolean {
  return GITHUB_ACTIONS === 'true';
}

/**
 * Returns the workflow commands by which GitHub Actions shows findings at the line of the contract that they break. Known
 * failures are left out. Entries to delete from their list, and errors of the suite, are errors.
 *
 * @param wanted - True to annotate; undefined to annotate within GitHub Actions only.
 */
export function annotateReport(report: Report, wanted: boolean | undefined, environment: Environment): string[] {
  if (!(wanted ?? isGitHubActions(environment))) return [];
  const all: Annotation[] = [
    ...report.cases
      .filter(({ verdict }) => verdict === 'error')
      .map(({ id, reason = '' }) => {
        return { kind: 'error', title: `Error of the suite in ${id}`, lines: [reason] } as const;
      }),
    ...outdatedFailures(report.known).map(({ line, advice }) => {
      return { kind: 'error', file: report.known?.file ?? '', line, title: 'Known failures', lines: [advice] } as const;
    }),
    ...report.findings.filter(({ outcome }) => outcome !== 'known').map((finding) => makeAnnotation(finding, report)),
  ];
  return (['error', 'warning'] as const).flatMap((kind) => limitCommands(all.filter((one) => one.kind === kind)));
}

function makeAnnotation(finding: Finding, report: Report): Annotation {
  const { outcome, shown, requirements, differences, cases: count } = viewFinding(finding, report);
  const [first] = differences[0]?.violations ?? [];
  const cases = [...new Set(finding.differences.flatMap((one) => one.cases))];
  const others = requirements.length - 1;
  return {
    kind: outcome === 'violated' ? 'error' : 'warning',
    ...(shown?.line !== undefined && { file: report.contract.source, line: shown.line }),
    title: `${shown?.id} (${shown?.level})${others > 0 ? ` and ${others} more alike` : ''}`,
    lines: [
      shown?.says ?? '',
      ...(first === undefined
        ? []
        : [`expected ${first.at}: ${first.expected}`, `actual ${first.at}: ${first.actual}`]),
      `${count}: ${cases.slice(0, 3).join(', ')}${cases.length > 3 ? ', …' : ''}`,
    ].map((line) => shorten(line, longest)),
  };
}

/** Returns as many commands as GitHub shows; the last says how many are left out. */
function limitCommands(annotations: readonly Annotation[]): string[] {
  if (annotations.length <= mostOfKind) return annotations.map(formatCommand);
  const shown = annotations.slice(0, mostOfKind - 1);
  const [{ kind }] = annotations as [Annotation];
  const left = annotations.length - shown.length;
  const lines = [`GitHub shows ${mostOfKind} of a kind: the others are in the summary and in the reports.`];
  return [...shown, { kind, title: `${left} more findings`, lines }].map(formatCommand);
}

function formatCommand({ kind, file, line, title, lines }: Annotation): string {
  const place =
    file === undefined ? [] : [`file=${escapeProperty(file)}`, ...(line === undefined ? [] : [`line=${line}`])];
  return `::${kind} ${[...place, `title=${escapeProperty(visible(title))}`].join(',')}::${escapeData(lines.map((text) => visible(text)).join('\n'))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
