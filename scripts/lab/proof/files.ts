import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Assessment } from './assessment.ts';
import type { Equivalent } from './equivalents.ts';
import { matrixPage } from './matrix.ts';
import { summaryLine } from './summary.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const page = 'scripts/lab/proof/PROOF.md';
const data = 'scripts/lab/proof/PROOF.json';
const readme = 'README.md';

/** Where the results of the last proof are. */
export const dataFile = join(root, data);

/** The assessment as JSON, the same for the same results. */
export function proofJson(assessment: Assessment): string {
  const { faults, controls, proofs } = assessment;
  return `${JSON.stringify({ summary: summaryLine(assessment), requirements: proofs, faults, controls }, null, 2)}\n`;
}

/** The files that show an assessment, by their paths from the root of the repository. */
export function proofFiles(assessment: Assessment, equivalents: readonly Equivalent[]): ReadonlyMap<string, string> {
  return new Map([
    [page, matrixPage(assessment, equivalents)],
    [data, proofJson(assessment)],
    [readme, withSummary(readFileSync(join(root, readme), 'utf8'), summaryLine(assessment))],
  ]);
}

/** Writes files of the repository. */
export function writeFiles(files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) writeFileSync(join(root, file), text);
}

/** The files of the repository that are not what they should be. */
export function outdatedFiles(files: ReadonlyMap<string, string>): string[] {
  return [...files].filter(([file, text]) => textOf(file) !== text).map(([file]) => file);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return undefined;
  }
}

/** The text between the markers of a page replaced; a page without markers stays as it is. */
export function withSummary(text: string, summary: string): string {
  return text.replace(/(<!-- proof -->)[^]*?(<!-- \/proof -->)/, (_, start: string, end: string) => {
    return `${start}${summary}${end}`;
  });
}
