import { join } from 'node:path';
import process from 'node:process';
import { runCommand } from './command-line.ts';
import { InputError } from '../contract/input-error.ts';
import { conformanceCommand, defaultOptions, namedOptions } from './command.ts';
import { mergedOptions, readConfiguration, withSource } from './configuration.ts';
import { openReport } from './open-report.ts';
import type { ConformanceOptions } from './run-options.ts';
import type { SuiteThread } from './suite-thread.ts';

/**
 * Does what the command line says.
 *
 * @param thread - Where the suite is loaded meanwhile.
 */
export async function runCommandLine(thread: SuiteThread): Promise<void> {
  const command = conformanceCommand();
  await runCommand(command, async () => {
    const { config, ...named } = namedOptions(command);
    const configuration = await readConfiguration(config as string | false | undefined);
    const options = { ...defaultOptions, ...mergedOptions(named, configuration) } as unknown as ConformanceOptions;
    const { file } = configuration;
    if (file !== undefined && options.quiet !== true) process.stdout.write(`Configuration: ${file}\n`);
    try {
      return await run(options, thread).finally(() => thread.close());
    } catch (error) {
      throw withSource(error, named, configuration);
    }
  });
}

async function run(options: ConformanceOptions, thread: SuiteThread): Promise<number> {
  if (options.list === true) {
    const { listOf } = await import('./list.ts');
    process.stdout.write(`${await listOf(options)}\n`);
    return 0;
  }
  if (options.open === true && options.report === undefined) {
    throw new InputError('--open shows the report: say where it is written with --report DIR.');
  }
  // Loaded late: what is wrong with the command line is told at once.
  const { runConformance } = await import('./run.ts');
  const exitCode = await runConformance(options, process, thread);
  if (options.open === true) await open(options.report ?? '');
  return exitCode;
}

async function open(folder: string): Promise<void> {
  const remark = await openReport(join(folder, 'report.html'));
  if (remark !== undefined) process.stderr.write(`${remark}\n`);
}
