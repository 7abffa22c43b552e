import process from 'node:process';
import { runProcess } from '../conformance/cli/command-line.ts';
import { runCommandLine } from '../conformance/cli/command.ts';

await runProcess((io) => runCommandLine(process.argv.slice(2), io));
