import { Command } from 'commander';
import { collected, wholeNumber } from '../command-line.ts';
import { checkValue, shardPart } from '../option-values.ts';

/** The command line of `npm run conformance:targets`. */
export function targetsCommand(): Command {
  return new Command('npm run conformance:targets --')
    .description('Checks each server of a list, a few at the same time, and writes an overview of all.')
    .argument('<targets.yaml>', 'the list of targets')
    .option('--at-once <n>', 'how many are checked at the same time', wholeNumber(1, 256), 4)
    .option('--report <dir>', 'a folder for the overview, with one for the reports of each target')
    .option('--target <name>', 'only the target of this name; repeatable', collected)
    .option('--shard <i/n>', 'only part i of n of the list', shardText)
    .option('--collect', 'check nothing: make the overview of the reports in --report')
    .option('--yes', 'transfer calls of live systems without a question')
    .addHelpText('after', '\nExit codes: the worst of all targets, in this order: 1, 2, 3, 0; 2 for bad input.');
}

function shardText(typed: string): string {
  return checkValue(shardPart(), typed, '--shard') as string;
}
