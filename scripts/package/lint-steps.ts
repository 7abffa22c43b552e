import type { Step } from './step.ts';
import { runCommandIn } from './run-command.ts';
import { commandOf } from './tools.ts';

/** What tools that know packages say of this one. YAML has no types, so that one entry is not looked at. */
export const lintSteps: readonly Step[] = [
  {
    name: 'publint has no complaint, suggestions included',
    async run({ tarball, tools, folder }) {
      await runCommandIn(folder, ['node', commandOf(tools, 'publint', 'publint'), 'run', tarball.file, '--strict']);
    },
  },
  {
    name: 'attw finds the types of every entry, from ES modules and bundlers',
    async run({ tarball, tools, folder }) {
      const attw = commandOf(tools, '@arethetypeswrong/cli', 'attw');
      const options = ['--profile', 'esm-only', '--format', 'ascii', '--exclude-entrypoints', './openapi.yaml'];
      await runCommandIn(folder, ['node', attw, tarball.file, ...options]);
    },
  },
];
