import process from 'node:process';
import { nameCommand, runProcess } from '../conformance/cli/command-line.ts';
import { runMock } from '../conformance/cli/mock.ts';

await runProcess((io) => runMock(process.argv.slice(2), io, nameCommand()));
