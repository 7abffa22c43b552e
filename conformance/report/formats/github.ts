import { appendFileSync } from 'node:fs';
import { outdatedFailures } from '../known.ts';
import type { Report } from '../model.ts';
import { counted, shorten, visible } from '../texts.ts';
import { viewFinding, type FindingView } from '../view.ts';
import { markdownReport } from './markdown.ts';

/** The number of annotations of each kind that GitHub shows for a step. */
const mostOfKind = 10;

/** The largest part of a violation that is shown, in characters. */
const longest = 500;

/** A message that GitHub shows at a line of a file, or at the step if it names no file. */
interface Annotation {
  readonly kind: 'error' | 'warning';
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly title: string;
  readonly lines: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Adds the summary of a report to the page of the job, within GitHub Actions.
 *
 * @returns A line if that failed.
 */
export function addToJobSummary(report: Report, { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY }: Environment): string[] {
  if (GITHUB_ACTIONS !== 'true' || !GITHUB_STEP_SUMMARY) return [];
  try {
    appendFileSync(GITHUB_STEP_SUMMARY, markdownReport(report));
    return [];
  } catch (error) {
    return [`The summary could not be added to the page of the job: ${(error as Error).message}`];
  }
}

/**
 * Returns the workflow commands by which GitHub Actions shows findings at the line of the contract that they break. Known
 * failures are left out. Entries to delete from their list, and errors of the suite, are errors.
 *
 * @param wanted - True to annotate; undefined to annotate within GitHub Actions only.
 */
export function annotateReport(report: Report, wanted: boolean | undefined, environment: Environment): string[] {
  if (!(wanted ?? environment.GITHUB_ACTIONS === 'true')) return [];
  const { cases, findings, known } = report;
  const errors = cases.filter(({ verdict }) => verdict === 'error');
  const all: Annotation[] = [
    ...errors.map(({ id, reason = '' }) => {
      return { kind: 'error', title: `Error of the suite in ${id}`, lines: [reason] } as const;
    }),
    ...outdatedFailures(known).map(({ line, advice }) => {
      return { kind: 'error', file: known?.file, line, title: 'Known failures', lines: [advice] } as const;
    }),
    ...findings
      .filter(({ outcome }) => outcome !== 'known')
      .map((finding) => makeAnnotation(viewFinding(finding, report), report)),
  ];
  const byKind = (['error', 'warning'] as const).map((kind) => all.filter((one) => one.kind === kind));
  return byKind.flatMap(limit).map(formatCommand);
}

function makeAnnotation({ outcome, shown, requirements, differences, cases }: FindingView, report: Report): Annotation {
  const [violation] = differences[0]?.violations ?? [];
  const others = requirements.length - 1;
  const lines = [
    shown?.says,
    violation && `expected ${violation.at}: ${violation.expected}`,
    violation && `actual ${violation.at}: ${violation.actual}`,
    `${counted(cases.length, 'case')}: ${cases.slice(0, 3).join(', ')}${cases.length > 3 ? ', …' : ''}`,
  ];
  return {
    kind: outcome === 'violated' ? 'error' : 'warning',
    file: shown?.line === undefined ? undefined : report.contract.source,
    line: shown?.line,
    title: `${shown?.id} (${shown?.level})${others > 0 ? ` and ${others} more alike` : ''}`,
    lines: lines.filter((line) => line !== undefined).map((line) => shorten(line, longest)),
  };
}

/** Returns as many annotations of one kind as GitHub shows; the last says how many are left out. */
function limit(annotations: readonly Annotation[]): readonly Annotation[] {
  const [first] = annotations;
  if (first === undefined || annotations.length <= mostOfKind) return annotations;
  const shown = annotations.slice(0, mostOfKind - 1);
  const title = `${annotations.length - shown.length} more findings`;
  const lines = [`GitHub shows ${mostOfKind} of a kind: the others are in the summary and in the reports.`];
  return [...shown, { kind: first.kind, title, lines }];
}

function formatCommand({ kind, file, line, title, lines }: Annotation): string {
  const properties = Object.entries({ file, line, title: visible(title) })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeData(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`);
  return `::${kind} ${properties.join(',')}::${escapeData(lines.map((text) => visible(text)).join('\n'))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
