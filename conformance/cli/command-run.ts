import { join } from 'node:path';
import { InputError } from '../contract/input-error.ts';
import { nameCommand, perform, type Io } from './command-line.ts';
import { createRunCommand, readNamed } from './command.ts';
import { runCompare } from './compare.ts';
import { runMerge } from './merge.ts';
import { runMock } from './mock.ts';
import { openReport } from './open-report.ts';
import type { NamedOptions, Options } from './options.ts';
import { readOptions } from './read-options.ts';
import { runTargetList } from './targets.ts';

/** The subcommands by their names; a command line that begins with none of them runs the suite. */
const subcommands: ReadonlyMap<string, (argv: readonly string[], io: Io) => Promise<number>> = new Map([
  ['merge', runMerge],
  ['compare', runCompare],
  ['targets', runTargetList],
  ['mock', (argv: readonly string[], io: Io) => runMock(argv, io)],
]);

/**
 * Runs the suite, or the subcommand that the command line begins with.
 *
 * @param argv - The words after the command.
 * @returns The exit code.
 */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<number> {
  const [first = '', ...rest] = argv;
  const subcommand = subcommands.get(first);
  if (subcommand !== undefined) return subcommand(rest, io);
  const isHelpForAll = argv.includes('--help') && argv.includes('--all');
  const words = isHelpForAll ? argv.filter((word) => word !== '--all') : argv;
  const command = createRunCommand(nameCommand(), isHelpForAll);
  return perform(command, words, io, async () => {
    const named = readNamed(command);
    const { options, file, explain } = await readOptions(named, io.env);
    if (file !== undefined && options.quiet !== true) io.stdout.write(`Configuration: ${file}\n`);
    try {
      return await run(options, named, io);
    } catch (error) {
      throw explain(error);
    }
  });
}

async function run(options: Options, named: NamedOptions, io: Io): Promise<number> {
  const { list = false, open = false, report } = options;
  if (list) {
    const { listOf } = await import('./list.ts');
    io.stdout.write(`${await listOf({ ...options, profile: named.profile })}\n`);
    return 0;
  }
  if (open && report === undefined) {
    throw new InputError('--open shows the report: say where it is written with --report DIR.');
  }
  // Loaded late: what is wrong with the command line is told at once.
  const { runConformance } = await import('./run.ts');
  const exitCode = await runConformance(options, io);
  const remark = open ? await openReport(join(report ?? '', 'report.html')) : undefined;
  if (remark !== undefined) io.stderr.write(`${remark}\n`);
  return exitCode;
}
