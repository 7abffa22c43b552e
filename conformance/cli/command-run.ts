import { join } from 'node:path';
import process from 'node:process';
import { nameCommand, runCommand } from './command-line.ts';
import { InputError } from '../contract/input-error.ts';
import { createRunCommand, readNamed } from './command.ts';
import { readOptions } from './read-options.ts';
import { openReport } from './open-report.ts';
import type { NamedOptions, Options } from './options.ts';

/** Does what the command line says. */
export async function runCommandLine(): Promise<void> {
  const isHelpForAll = process.argv.includes('--help') && process.argv.includes('--all');
  if (isHelpForAll) process.argv = process.argv.filter((word) => word !== '--all');
  const command = createRunCommand(nameCommand(), isHelpForAll);
  await runCommand(command, async () => {
    const named = readNamed(command);
    const { options, file, explain } = await readOptions(named, process.env);
    if (file !== undefined && options.quiet !== true) process.stdout.write(`Configuration: ${file}\n`);
    try {
      return await run(options, named);
    } catch (error) {
      throw explain(error);
    }
  });
}

async function run(options: Options, named: NamedOptions): Promise<number> {
  if (options.list === true) {
    const { listOf } = await import('./list.ts');
    process.stdout.write(`${await listOf({ ...options, profile: named.profile })}\n`);
    return 0;
  }
  if (options.open === true && options.report === undefined) {
    throw new InputError('--open shows the report: say where it is written with --report DIR.');
  }
  // Loaded late: what is wrong with the command line is told at once.
  const { runConformance } = await import('./run.ts');
  const exitCode = await runConformance(options, process);
  if (options.open === true) await open(options.report ?? '');
  return exitCode;
}

async function open(folder: string): Promise<void> {
  const remark = await openReport(join(folder, 'report.html'));
  if (remark !== undefined) process.stderr.write(`${remark}\n`);
}
