import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../contract/input-error.ts';
import type { Verdict } from '../../report/model.ts';
import { readReport, deleteReports } from '../../report/report-files.ts';
import { type Totals, exitCodes } from '../../report/verdict.ts';
import { Gate } from '../../run/schedule.ts';
import { baseUrlOf } from '../../target/address.ts';
import { optionRows } from '../options.ts';
import { commandSecrets, type ListedTarget } from './target-list.ts';

/** The result of the run against one target of a list. */
export interface TargetResult {
  readonly name: string;
  readonly url: string;
  readonly verdict: Verdict;
  readonly exitCode: number;
  /** From the start of its process to its end, in milliseconds. */
  readonly duration: number;
  readonly totals: { readonly requirements: Totals; readonly cases: Totals };
  /** The reason why there is no report. */
  readonly reason?: string;
}

/** The most that the process of a target may print, in bytes. */
const mostOutput = 64 * 1024 * 1024;

const script = fileURLToPath(new URL('../../../scripts/conformance.ts', import.meta.url));

/**
 * Runs the suite on each target of a list, each in its own process and with its own folder below one.
 *
 * @param atOnce - The number of targets that are run at the same time.
 * @param yes - True if calls of live systems are transferred without a question.
 * @param signal - Ends the runs early. Its reason is the signal that their processes get.
 * @param onResult - Receives each result as soon as it is there.
 * @returns Their results in the order of the list.
 */
export function runTargets(
  targets: readonly ListedTarget[],
  { folder, yes, atOnce }: { readonly folder: string; readonly yes: boolean; readonly atOnce: number },
  signal: AbortSignal,
  onResult: (result: TargetResult) => void,
): Promise<TargetResult[]> {
  const gate = new Gate(atOnce);
  const run = async (target: ListedTarget): Promise<TargetResult> => {
    const report = join(folder, target.name);
    if (signal.aborted) return withoutReport(target, 'not run, since the run was interrupted');
    try {
      // The process may end before it deletes the report of an earlier run itself.
      deleteReports(report);
    } catch (error) {
      return withoutReport(target, (error as Error).message);
    }
    const began = performance.now();
    const { exitCode, message } = await runCommand(target, createCommandLine(target, { report, yes }), signal);
    const duration = Math.round(performance.now() - began);
    return { ...readResult(folder, target, message), exitCode, duration };
  };
  const tell = async (target: ListedTarget) => {
    const result = await run(target);
    onResult(result);
    return result;
  };
  return Promise.all(targets.map((target) => gate.use(() => tell(target))));
}

/** Returns the command line of a target's run, without the command. */
export function createCommandLine(
  { url, options }: Pick<ListedTarget, 'url' | 'options'>,
  { report, yes }: { readonly report: string; readonly yes: boolean },
): string[] {
  const words = Object.entries(options).flatMap(([name, value]) => {
    const flag = optionRows.find((row) => row.name === name)?.flag ?? '';
    if (typeof value === 'boolean') return [value ? flag : flag.replace('--', '--no-')];
    return [value].flat().map((one) => `${flag}=${String(one)}`);
  });
  return ['--no-config', ...(yes ? ['--yes'] : []), ...words, `--report=${report}`, '--quiet', '--', url];
}

/** Runs the command for a target, and resolves with its exit code and the last line of its standard error. */
function runCommand(
  { secrets }: ListedTarget,
  words: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly exitCode: number; readonly message: string }> {
  // A target sees no secrets but its own, and the page of a job has room for the overview only.
  const withheld = Object.fromEntries([...commandSecrets, 'GITHUB_STEP_SUMMARY'].map((name) => [name, undefined]));
  const options = { env: { ...process.env, ...withheld, ...secrets }, maxBuffer: mostOutput };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...words], options, (error, _stdout, stderr) => {
      signal.removeEventListener('abort', end);
      if (error === null || typeof error.code === 'number') {
        resolve({ exitCode: Number(error?.code ?? 0), message: stderr.trim().split('\n').at(-1) ?? '' });
        return;
      }
      const message = error.signal ? `ended by ${error.signal}` : error.message;
      resolve({ exitCode: exitCodes['nothing verified'], message });
    });
    const end = () => child.kill((signal.reason as NodeJS.Signals | undefined) ?? 'SIGTERM');
    signal.addEventListener('abort', end);
  });
}

/**
 * Returns the result in the report of a target, if its folder has one of its server.
 *
 * @param message - The reason why there may be none.
 */
export function readResult(folder: string, { name, url }: ListedTarget, message: string): TargetResult {
  const file = join(folder, name, 'report.json');
  if (!existsSync(file)) return withoutReport({ name, url }, message === '' ? 'there is no report' : message);
  try {
    const { target, verdict, exitCode, duration, totals } = readReport(file);
    const expected = baseUrlOf(url);
    if (target.name === expected) return { name, url, verdict, exitCode, duration, totals };
    const found = `${file} is a report of ${target.name}: expected one of ${expected}; check this target again.`;
    return withoutReport({ name, url }, found);
  } catch (error) {
    if (error instanceof InputError) return withoutReport({ name, url }, error.message);
    throw error;
  }
}

export function withoutReport({ name, url }: Pick<ListedTarget, 'name' | 'url'>, reason: string): TargetResult {
  const verdict = 'nothing verified';
  const totals = { requirements: {}, cases: {} };
  return { name, url, verdict, exitCode: exitCodes[verdict], duration: 0, totals, reason };
}
