import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Report, Verdict } from '../../report/model.ts';
import type { Totals } from '../../report/verdict.ts';
import { exitCodes } from '../../report/verdict.ts';
import { baseUrlOf } from '../../target/target.ts';
import { readReport } from '../../report/report-files.ts';
import { deleteReports } from '../../report/report-files.ts';
import { InputError } from '../../contract/input-error.ts';
import { commandLineOf } from './command-line-of.ts';
import { commandSecrets, type ListedTarget } from './target-list.ts';

/** What a run says of one target of a list. */
export interface TargetResult {
  readonly name: string;
  readonly url: string;
  readonly verdict: Verdict;
  readonly exitCode: number;
  /** From starting its process to its end, in milliseconds. */
  readonly duration: number;
  readonly totals: { readonly requirements: Totals; readonly cases: Totals };
  /** Why there is no report of it. */
  readonly reason?: string;
  /** The most memory that its process had at a time, in bytes, as far as it told. */
  readonly peakMemory?: number;
  /** How long processors worked for it, in milliseconds, as far as it told. */
  readonly processorTime?: number;
}

/** How a target is run. */
export interface TargetRunSettings {
  /** The folder below which each target has its own. */
  readonly folder: string;
  /** Whether calls of live systems are transferred without a question. */
  readonly yes: boolean;
  /** Told to end early. */
  readonly signal: AbortSignal;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const start = [
  '--import',
  join(root, 'scripts/require-node.mjs'),
  '--import',
  join(root, 'conformance/cli/targets/tell-usage.ts'),
];
const command = [...start, join(root, 'scripts/conformance.ts')];

/** More is not kept of what a process says. */
const mostOfMessage = 4000;

/** Runs the suite on a target, in a process of its own. */
export async function runTarget(target: ListedTarget, settings: TargetRunSettings): Promise<TargetResult> {
  const report = join(settings.folder, target.name);
  try {
    // A report of an earlier run is none of this one, which may end before it deletes it itself.
    deleteReports(report);
  } catch (error) {
    return withoutReport(target, (error as Error).message);
  }
  const began = performance.now();
  const { exitCode, message, peakMemory, processorTime } = await ended(
    target,
    [...commandLineOf(target, { report, yes: settings.yes })],
    settings.signal,
  );
  const duration = Math.round(performance.now() - began);
  const result = resultIn(settings.folder, target, message);
  return {
    ...result,
    exitCode: exitCode ?? exitCodes['nothing verified'],
    duration,
    ...(peakMemory > 0 && { peakMemory, processorTime }),
  };
}

/**
 * What the report in a target's folder says, if there is one of this target.
 *
 * @param message - Why there may be none.
 */
export function resultIn(
  folder: string,
  { name, url }: Pick<ListedTarget, 'name' | 'url'>,
  message: string,
): TargetResult {
  const file = join(folder, name, 'report.json');
  if (!existsSync(file)) return withoutReport({ name, url }, message === '' ? 'there is no report' : message);
  try {
    const { verdict, exitCode, duration, totals } = reportOn(url, file);
    return { name, url, verdict, exitCode, duration, totals };
  } catch (error) {
    if (error instanceof InputError) return withoutReport({ name, url }, error.message);
    throw error;
  }
}

/** @throws InputError with one line, if a file is no report, or one of another server. */
function reportOn(url: string, file: string): Report {
  const report = readReport(file);
  const [found, expected] = [report.target.name, baseUrlOf(url)];
  if (found === expected) return report;
  throw new InputError(`${file} is a report of ${found}: expected one of ${expected}; check this target again.`);
}

/** A target of which nothing is known. */
export function withoutReport({ name, url }: Pick<ListedTarget, 'name' | 'url'>, reason: string): TargetResult {
  const verdict = 'nothing verified';
  return {
    name,
    url,
    verdict,
    exitCode: exitCodes[verdict],
    duration: 0,
    totals: { requirements: {}, cases: {} },
    reason,
  };
}

interface Ended {
  readonly exitCode: number | undefined;
  /** The last line that it wrote to standard error. */
  readonly message: string;
  readonly peakMemory: number;
  readonly processorTime: number;
}

function ended({ secrets }: ListedTarget, words: readonly string[], signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...environmentWithoutSecrets(), ...secrets };
    const child = spawn(process.execPath, [...command, ...words], { env, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    const [said, usage] = [2, 3].map((stream) => lastOf(child.stdio[stream] as NodeJS.ReadableStream));
    const end = () => child.kill((signal.reason as NodeJS.Signals | undefined) ?? 'SIGTERM');
    signal.addEventListener('abort', end);
    child.once('error', (error) =>
      resolve({ exitCode: undefined, message: error.message, peakMemory: 0, processorTime: 0 }),
    );
    child.once('close', (exitCode, killedBy) => {
      signal.removeEventListener('abort', end);
      const message = said?.().trim().split('\n').at(-1) ?? '';
      const [peakMemory = 0, processorTime = 0] = (usage?.() ?? '').split(' ').map(Number);
      resolve({
        exitCode: exitCode ?? undefined,
        message: killedBy === null ? message : `ended by ${killedBy}`,
        peakMemory,
        processorTime,
      });
    });
  });
}

/** The end of what a stream says, once it was said. */
function lastOf(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-mostOfMessage);
  });
  return () => text;
}

/** A target is shown no secret but its own, and the page of a job has room for the overview only. */
function environmentWithoutSecrets(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => ![...commandSecrets, 'GITHUB_STEP_SUMMARY'].includes(name),
  );
  return Object.fromEntries(kept);
}
