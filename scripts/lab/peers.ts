import process from 'node:process';
import { Command, Option } from 'commander';
import { runCommand, wholeNumber } from '../../conformance/cli/command-line.ts';
import { tools } from './peers/install.ts';
import { runPeers, type PeerOptions } from './peers/run.ts';

const command = new Command('npm run lab -- peers')
  .description('Runs the suite and its peers against the catalogue of faulty servers and controls.')
  .addOption(new Option('--tool <name...>', 'only these tools').choices(tools))
  .option('--only <pattern>', 'only the servers whose id contains this, in which * stands for anything')
  .option('--sample <n>', 'only so many faults, and a third as many controls; always the same', wholeNumber(1, 10_000))
  .option('--keep <dir>', 'keep the tools and what they said in this folder, and go on from there')
  .option('--write', 'write scripts/lab/peers/PEERS.md and scripts/lab/peers/PEERS.json');

await runCommand(command, async () => {
  const { tool, ...options } = command.opts<PeerOptions & { tool?: PeerOptions['tools'] }>();
  await runPeers({ ...options, ...(tool && { tools: tool }) }, process.stdout);
  return 0;
});
