import process from 'node:process';
import { Command } from 'commander';
import { collected, runCommand, wholeNumber } from './command-line.ts';
import { simulateTargets, type SimulationOptions } from './targets/simulation.ts';

/** Few cases of different kinds: what is measured then is what a target costs, rather than its cases. */
const fewCases = ['transfer/plain', 'body/sendCallTo'];

const command = new Command('npm run simulate:targets --')
  .description(
    'Checks many servers on the loopback interface as npm run conformance:targets does, and tells time and memory.',
  )
  .option('--targets <n>', 'how many servers; each tenth is faulty, and has to be found', wholeNumber(1, 10_000), 40)
  .option('--at-once <n>', 'how many are checked at the same time', wholeNumber(1, 64), 2)
  .option('--only <pattern>', `instead of ${fewCases.join(', ')}; repeatable`, collected)
  .option('--all', 'all cases')
  .option('--report <dir>', 'keep the overview and the reports in this folder')
  .addHelpText('after', '\nExit codes: 0 each faulty server was found and no other blamed, 1 otherwise, 2 bad input.');

await runCommand(command, async () => {
  const { all = false, only = fewCases, ...options } = command.opts<SimulationOptions & { all?: boolean }>();
  return simulateTargets({ ...options, only: all ? [] : only }, process.stdout);
});
