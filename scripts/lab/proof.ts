import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { Command } from 'commander';
import { runCommand, wholeNumber } from '../../conformance/cli/command-line.ts';
import { prove, type ProofOptions } from './proof/prove.ts';

const command = new Command('npm run lab -- proof')
  .option('--only <pattern>', 'try the servers whose id contains this, * for anything, and write nothing')
  .option('--check', 'tell whether the committed files are up to date, and write nothing')
  .option('--json <file>', 'write the results as JSON into this file too')
  .option('--peers', 'measure other tools on the same servers instead; this takes an hour or two')
  .option('--sample <n>', 'with --peers: so many faults, and a third as many controls', wholeNumber(1, 10_000))
  .option('--jobs <n>', 'how many threads to use', wholeNumber(1, 64), availableParallelism())
  .addHelpText('after', '\nExit codes: 0 proved, 1 something is to be mended, 2 nothing was tried.');

await runCommand(command, async () => {
  const { peers = false, ...options } = command.opts<ProofOptions & { peers?: boolean; sample?: number }>();
  if (peers) {
    const { runPeers } = await import('./peers/run.ts');
    await runPeers({ only: options.only, sample: options.sample }, process.stdout);
    return 0;
  }
  const { exitCode, json } = await prove(options, process.stdout);
  if (options.json !== undefined) writeFileSync(options.json, json);
  return exitCode;
});
