import process from 'node:process';
import { runProcess } from '../conformance/cli/command-line.ts';
import { runCommandLine } from '../conformance/cli/command-run.ts';
import { subcommands } from '../conformance/cli/subcommands.ts';

const [word = '', ...argv] = process.argv.slice(2);
const subcommand = subcommands.get(word);
if (subcommand === undefined) await runCommandLine();
else await runProcess((io) => subcommand(argv, io));
