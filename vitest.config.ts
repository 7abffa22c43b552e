import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { suiteProject } from './conformance/suite-project.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'tests',
          // Servers that the tests break on purpose must not be annotated where CI runs them.
          env: { GITHUB_ACTIONS: 'false', GITHUB_STEP_SUMMARY: '' },
          include: ['{conformance,scripts}/**/*.test.ts'],
          // The suite asks a server, and is a separate project. The examples need the packages. The laboratory installs other packages.
          exclude: ['**/node_modules/**', 'conformance/suite.test.ts', 'scripts/examples/**'],
          // Prism takes most of a second to load: it is loaded once for all files.
          isolate: false,
          // Tests that run whole commands leave a core idle much of the time: two workers take two thirds of the time of one.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          // Some tests run whole commands, and a busy machine is slow.
          testTimeout: 120_000,
        },
      },
      { test: { ...suiteProject, globalSetup: ['conformance/cli/prepare-run.ts'] } },
    ],
  },
});
