import type { Finding } from '../findings.ts';
import { outdatedFailures, outdatedLines } from '../known-failures.ts';
import type { Report } from '../report.ts';
import { shortened, visible } from '../visible.ts';

/** GitHub shows so many annotations of each kind for a step. */
const mostOfKind = 10;

/** How much of a difference is shown. */
const longest = 500;

/** What GitHub shows at a line of a file, or at the step if there is none. */
interface Annotation {
  readonly kind: 'error' | 'warning';
  readonly file?: string;
  readonly line?: number | undefined;
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * The workflow commands by which GitHub Actions shows findings where the contract says what they break. What is known is
 * left out; what is to be deleted from the list of known failures, and errors of the suite, are errors.
 */
export function annotationLines(report: Report): string[] {
  const all = [
    ...report.cases.filter(({ verdict }) => verdict === 'error').map(errorAnnotation),
    ...outdatedAnnotations(report),
    ...report.findings
      .filter(({ outcome }) => outcome !== 'known')
      .map((finding) => findingAnnotation(finding, report)),
  ];
  return (['error', 'warning'] as const).flatMap((kind) => commands(all.filter((one) => one.kind === kind)));
}

function findingAnnotation({ outcome, requirements, differences }: Finding, report: Report): Annotation {
  const [difference] = differences;
  const { requirement: shown, violations = [] } = difference?.example ?? {};
  const about = report.requirements.find(({ id }) => id === shown);
  const cases = [...new Set(differences.flatMap((one) => one.cases))];
  const others = requirements.length - 1;
  return {
    kind: outcome === 'violated' ? 'error' : 'warning',
    ...(about?.line === undefined ? {} : { file: report.contract.source, line: about.line }),
    title: `${about?.id} (${about?.level})${others > 0 ? ` and ${others} more alike` : ''}`,
    lines: [
      about?.says ?? '',
      ...violations
        .slice(0, 1)
        .flatMap(({ at, expected, actual }) => [
          shortened(`expected ${at}: ${expected}`, longest),
          shortened(`actual ${at}: ${actual}`, longest),
        ]),
      `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}: ${cases.slice(0, 3).join(', ')}${cases.length > 3 ? ', …' : ''}`,
    ],
  };
}

function outdatedAnnotations({ known }: Report): Annotation[] {
  const lines = outdatedLines(known);
  return outdatedFailures(known).map(({ line }, index) => {
    return { kind: 'error', file: known?.file ?? '', line, title: 'Known failures', lines: [lines[index] ?? ''] };
  });
}

function errorAnnotation({ id, reason = '' }: Report['cases'][number]): Annotation {
  return { kind: 'error', title: `Error of the suite in ${id}`, lines: [reason] };
}

/** As many commands as are shown; the last says how many are not. */
function commands(annotations: readonly Annotation[]): string[] {
  if (annotations.length <= mostOfKind) return annotations.map(command);
  const shown = annotations.slice(0, mostOfKind - 1);
  const [{ kind }] = annotations as [Annotation];
  const left = annotations.length - shown.length;
  const lines = [`GitHub shows ${mostOfKind} of a kind: the others are in the summary and in the reports.`];
  return [...shown, { kind, title: `${left} more findings`, lines }].map(command);
}

function command({ kind, file, line, title, lines }: Annotation): string {
  const place = file === undefined ? [] : [`file=${property(file)}`, ...(line === undefined ? [] : [`line=${line}`])];
  return `::${kind} ${[...place, `title=${property(visible(title))}`].join(',')}::${data(lines.map(visible).join('\n'))}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
