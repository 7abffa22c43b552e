import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Where CI runs the tests, the servers that they break on purpose are not to be annotated.
    env: { GITHUB_ACTIONS: 'false', GITHUB_STEP_SUMMARY: '' },
    include: ['{conformance,scripts}/**/*.test.ts'],
    // The suite needs a server to ask: `npm run conformance` gives it one. The examples need the packages.
    exclude: ['conformance/suite.test.ts', 'scripts/examples/**'],
    // Prism takes most of a second to load: it is loaded once for all files.
    isolate: false,
    // Tests that run whole commands leave a core idle much of the time: two workers have them done in two thirds of it.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Some tests run whole commands, and a busy machine is slow.
    testTimeout: 30_000,
  },
});
