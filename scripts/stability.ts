import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { runCommand, wholeNumber } from './command-line.ts';
import { oneRun } from './stability/one-run.ts';

const command = new Command('npm run stability --')
  .description('Runs the suite against the mock again and again, and tells where two runs disagree.')
  .option('--runs <n>', 'how many runs', wholeNumber(2, 1000), 100);

function disagreements(first: ReadonlyMap<string, string>, run: ReadonlyMap<string, string>): string[] {
  return [...new Set([...first.keys(), ...run.keys()])].filter((id) => first.get(id) !== run.get(id));
}

await runCommand(command, async () => {
  const { runs } = command.opts<{ runs: number }>();
  const folder = mkdtempSync(join(tmpdir(), 'stability-'));
  try {
    const first = await oneRun(folder, 1);
    let different = 0;
    for (let run = 2; run <= runs; run++) {
      const ids = disagreements(first, await oneRun(folder, run));
      if (ids.length > 0) different++;
      for (const id of ids) process.stdout.write(`Run ${run} differs from the first in ${id}\n`);
    }
    process.stdout.write(`${runs} runs of ${first.size - 1} cases: ${first.get('the verdict')}, ${different} differ\n`);
    return different === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
