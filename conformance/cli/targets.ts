import { Command } from 'commander';
import { collected, nameCommand, perform, wholeNumber, type Io } from './command-line.ts';
import { checkValue, shardPart } from './option-values.ts';
import { checkTargets, type TargetsOptions } from './targets/check-targets.ts';

/** Checks each server of a list: `targets FILE`. */
export async function runTargetList(argv: readonly string[], io: Io): Promise<number> {
  const command = new Command(nameCommand('targets'))
    .description('Checks each server of a list, a few at the same time, and writes an overview of all.')
    .argument('<targets.yaml>', 'the list of targets')
    .option('--at-once <n>', 'how many are checked at the same time', wholeNumber(1, 256), 4)
    .option('--report <dir>', 'a folder for the overview, with one for the reports of each target')
    .option('--target <name>', 'only the target of this name; repeatable', collected)
    .option('--shard <i/n>', 'only part i of n of the list', shardText)
    .option('--collect', 'check nothing: make the overview of the reports in --report')
    .option('--yes', 'transfer calls of live systems without a question')
    .addHelpText('after', '\nExit codes: the worst of all targets, in this order: 1, 2, 3, 0; 2 for bad input.');
  return perform(command, argv, io, async () => {
    const [file = ''] = command.args;
    return checkTargets(file, command.opts<TargetsOptions>(), io);
  });
}

function shardText(typed: string): string {
  return checkValue(shardPart(), typed, '--shard') as string;
}
