import process from 'node:process';
import { runCommand } from './command-line.ts';
import { mergeCommand } from './merge/command.ts';
import { mergeShards } from './merge/merge-shards.ts';

const command = mergeCommand();

await runCommand(command, async () => {
  const { report, quiet = false, annotate } = command.opts<{ report: string; quiet?: boolean; annotate: boolean }>();
  const isNamed = command.getOptionValueSource('annotate') === 'cli';
  return mergeShards(command.args, { report, quiet, annotate: isNamed ? annotate : undefined }, process);
});
