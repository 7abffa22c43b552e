import { runCompare } from './compare.ts';
import type { Io } from './command-line.ts';
import { runMerge } from './merge.ts';
import { runMock } from './mock.ts';
import { runTargetList } from './targets.ts';

/** The subcommands by their names; a command line that begins with none of them runs the suite. */
export const subcommands: ReadonlyMap<string, (argv: readonly string[], io: Io) => Promise<number>> = new Map([
  ['merge', runMerge],
  ['compare', runCompare],
  ['targets', runTargetList],
  ['mock', (argv: readonly string[], io: Io) => runMock(argv, io)],
]);
