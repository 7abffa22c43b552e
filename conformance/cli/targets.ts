import process from 'node:process';
import { runCommand } from './command-line.ts';
import { checkTargets, type TargetsOptions } from './targets/check-targets.ts';
import { targetsCommand } from './targets/command.ts';

const command = targetsCommand();

await runCommand(command, async () => {
  const [file = ''] = command.args;
  return checkTargets(file, command.opts<TargetsOptions>(), process);
});
