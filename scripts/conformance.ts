import process from 'node:process';
import { runCommand } from './command-line.ts';
import { conformanceCommand, defaultOptions, namedOptions } from './conformance/command.ts';
import { mergedOptions, readConfiguration } from './conformance/configuration.ts';
import type { ConformanceOptions } from './conformance/run.ts';

const command = conformanceCommand();

await runCommand(command, async () => {
  const { config, ...named } = namedOptions(command);
  const configuration = await readConfiguration(config as string | false | undefined);
  const options = { ...defaultOptions, ...mergedOptions(named, configuration) } as unknown as ConformanceOptions;
  if (configuration.file !== undefined) process.stdout.write(`Configuration: ${configuration.file}\n`);
  if (options.list === true) {
    const { listOf } = await import('./conformance/list.ts');
    process.stdout.write(`${listOf(options)}\n`);
    return 0;
  }
  // Loaded late: what is wrong with the command line is told at once.
  const { runConformance } = await import('./conformance/run.ts');
  return runConformance(options, process.stdout);
});
