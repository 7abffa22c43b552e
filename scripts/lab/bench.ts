import process from 'node:process';
import { Command, Option } from 'commander';
import { partNames, runBench, type BenchOptions } from './bench/run.ts';
import { runCommand, wholeNumber } from '../../conformance/cli/command-line.ts';

const command = new Command('npm run lab -- bench')
  .description('Measures how fast the suite, the mock, the generation and the client are, against others side by side.')
  .addOption(new Option('--part <name...>', 'only these parts').choices(partNames).default(partNames, 'all'))
  .option('--rounds <n>', 'how often each is measured', wholeNumber(1, 1000), 5)
  .option('--check', 'exit with 1 if a ratio misses its goal')
  .option('--write', 'write scripts/lab/bench/RESULTS.md, of the parts that were measured')
  .option('--against <dir>', 'compare throughput with another checkout too, after npm ci there')
  .option('--keep <dir>', 'keep what is installed in this folder, for the next time');

await runCommand(command, () => runBench(command.opts<BenchOptions>(), process.stdout));
