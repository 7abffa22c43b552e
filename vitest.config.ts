import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{client,conformance,scripts}/**/*.test.ts'],
    // The suite needs a server to ask: `npm run conformance` gives it one.
    exclude: ['conformance/suite.test.ts'],
    // Prism takes most of a second to load: it is loaded once for all files.
    isolate: false,
    // Some tests run whole commands, and a busy machine is slow.
    testTimeout: 30_000,
  },
});
