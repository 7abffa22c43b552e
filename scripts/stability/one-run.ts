import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CaseResult } from '../../conformance/run/result.ts';

/** What Node.js runs against the mock: the suite. */
const conformance = ['--import', './scripts/require-node.mjs', 'scripts/conformance.ts'];
const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs the suite, and tells what it says of each case, in words that must be the same in every run.
 *
 * @param folder - Where the run writes its report.
 * @param run - Which run it is.
 * @throws Error with one line, if the run wrote no report.
 */
export async function oneRun(folder: string, run: number, command = conformance): Promise<Map<string, string>> {
  const file = join(folder, 'report.json');
  // What an earlier run left is no word of this one.
  rmSync(file, { force: true });
  const stderr = await promisify(execFile)(process.execPath, [...command, '--report', folder], { cwd: root }).then(
    () => '',
    (error: { stderr?: string; message: string }) => error.stderr?.trim() || error.message,
  );
  if (!existsSync(file)) throw new Error(`Run ${run} wrote no report: ${stderr.split('\n')[0] || 'it said nothing'}`);
  const { verdict, cases } = JSON.parse(readFileSync(file, 'utf8')) as {
    verdict: string;
    cases: readonly CaseResult[];
  };
  const wordsOf = ({ verdict: own, answers, checks }: CaseResult) =>
    JSON.stringify([own, answers, checks.map(({ check, outcome }) => [check, outcome])]);
  return new Map([['the verdict', verdict], ...cases.map((result) => [result.id, wordsOf(result)] as const)]);
}
