import { casesAtOnce } from './run/schedule.ts';

/** The vitest project that runs the suite, for the command and for `vitest --project conformance`. */
export const suiteProject = {
  name: 'conformance',
  include: ['conformance/suite.test.ts', 'conformance/suite.test.js'],
  // One thread: all cases share the calls, the connections and the rate limit of one run.
  pool: 'threads' as const,
  maxWorkers: 1,
  isolate: false,
  // Node.js loads TypeScript itself, and faster.
  experimental: { viteModuleRunner: false, nodeLoader: false },
  maxConcurrency: casesAtOnce,
  // Every exchange has its own limit, and a case may wait for its turn.
  testTimeout: 0,
  hookTimeout: 0,
  // What a source of calls prints is for whoever runs it.
  disableConsoleIntercept: true,
};
