import process from 'node:process';
import { exitCodes } from '../conformance/report/verdict.ts';
import { runCommand } from './command-line.ts';
import { conformanceCommand, defaultOptions, namedOptions } from './conformance/command.ts';
import { registerRows, registerTable } from './conformance/register.ts';
import { runConformance, type ConformanceOptions } from './conformance/run.ts';

const command = conformanceCommand();

await runCommand(command, async () => {
  const options = { ...defaultOptions, ...namedOptions(command) } as unknown as ConformanceOptions;
  if (options.list === true) {
    process.stdout.write(`${registerTable(registerRows())}\n`);
    return 0;
  }
  return exitCodes[await runConformance(options, process.stdout)];
});
