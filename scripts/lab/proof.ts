import { availableParallelism } from 'node:os';
import process from 'node:process';
import { Command } from 'commander';
import { runCommand, wholeNumber } from '../../conformance/cli/command-line.ts';
import { prove, type ProofOptions } from './proof/prove.ts';

const command = new Command('npm run lab -- proof')
  .description('Runs the suite against every faulty and every unusual server of the catalogue, and writes PROOF.md.')
  .option('--only <pattern>', 'try the servers whose id contains this, * for anything, and write nothing')
  .option('--independent', 'try all servers that were written from the page alone, not a sample of them')
  .option('--languages', 'try the servers in Python and Go too, where these are there')
  .option('--check', 'compare PROOF.md and README.md with the results, and write nothing')
  .option('--jobs <n>', 'number of threads', wholeNumber(1, 64), availableParallelism())
  .addHelpText('after', '\nExit codes: 0 proved, 1 something is to be mended, 2 nothing was tried.');

await runCommand(command, () => prove(command.opts<ProofOptions>(), process.stdout));
