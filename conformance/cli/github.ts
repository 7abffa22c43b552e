import { appendFileSync } from 'node:fs';
import { annotationLines } from '../report/formats/github.ts';
import type { Report } from '../report/report.ts';
import { summaryReport } from '../report/formats/markdown.ts';

/** The environment of a process. */
type Environment = Readonly<Record<string, string | undefined>>;

/** The annotations of a report: within GitHub Actions, unless the command line says otherwise. */
export function annotationsOf(report: Report, wanted: boolean | undefined, environment: Environment): string[] {
  return (wanted ?? isGitHubActions(environment)) ? annotationLines(report) : [];
}

/**
 * Within GitHub Actions, adds the summary of a report to the page of the job.
 *
 * @returns A line if that could not be done.
 */
export function addToJobSummary(report: Report, environment: Environment): string[] {
  const file = environment.GITHUB_STEP_SUMMARY;
  if (!isGitHubActions(environment) || file === undefined || file === '') return [];
  try {
    appendFileSync(file, summaryReport(report));
    return [];
  } catch (error) {
    return [`The summary could not be added to the page of the job: ${(error as Error).message}`];
  }
}

function isGitHubActions({ GITHUB_ACTIONS }: Environment): boolean {
  return GITHUB_ACTIONS === 'true';
}
