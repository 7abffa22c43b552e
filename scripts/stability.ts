import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Command } from 'commander';
import type { CaseResult } from '../conformance/run/result.ts';
import { runCommand, wholeNumber } from './command-line.ts';

const command = new Command('npm run stability --')
  .description('Runs the suite against the mock again and again, and tells where two runs disagree.')
  .option('--runs <n>', 'how many runs', wholeNumber(2, 1000), 100);

const conformance = ['--import', './scripts/require-node.mjs', 'scripts/conformance.ts'];
const root = fileURLToPath(new URL('..', import.meta.url));

/** What a run says of each case, in words that must be the same in every run. */
async function runOnce(folder: string): Promise<Map<string, string>> {
  await promisify(execFile)(process.execPath, [...conformance, '--report', folder], { cwd: root }).catch(
    () => undefined,
  );
  const { verdict, cases } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as {
    verdict: string;
    cases: readonly CaseResult[];
  };
  const wordsOf = ({ verdict: own, answers, checks }: CaseResult) =>
    JSON.stringify([own, answers, checks.map(({ check, outcome }) => [check, outcome])]);
  return new Map([['the verdict', verdict], ...cases.map((result) => [result.id, wordsOf(result)] as const)]);
}

function disagreements(first: ReadonlyMap<string, string>, run: ReadonlyMap<string, string>): string[] {
  return [...new Set([...first.keys(), ...run.keys()])].filter((id) => first.get(id) !== run.get(id));
}

await runCommand(command, async () => {
  const { runs } = command.opts<{ runs: number }>();
  const folder = mkdtempSync(join(tmpdir(), 'stability-'));
  try {
    const first = await runOnce(folder);
    let different = 0;
    for (let run = 2; run <= runs; run++) {
      const ids = disagreements(first, await runOnce(folder));
      if (ids.length > 0) different++;
      for (const id of ids) process.stdout.write(`Run ${run} differs from the first in ${id}\n`);
    }
    process.stdout.write(`${runs} runs of ${first.size - 1} cases: ${first.get('the verdict')}, ${different} differ\n`);
    return different === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
