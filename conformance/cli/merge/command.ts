import { Command } from 'commander';

/** The command line of `npm run conformance:merge`. */
export function mergeCommand(): Command {
  return new Command('npm run conformance:merge --')
    .description('Puts the reports of all shards of a run together, and judges them as one run.')
    .argument('<dir...>', 'the report folders of the shards')
    .requiredOption('--report <dir>', 'write the reports of the whole run into this folder')
    .option('--quiet', 'no totals: what is wrong, the verdict')
    .option('--annotate', 'print annotations of GitHub Actions; within it, they are printed anyway')
    .option('--no-annotate', 'print none')
    .addHelpText(
      'after',
      '\nExit codes: those of npm run conformance; 2 if the folders are not all shards of one run.',
    );
}
