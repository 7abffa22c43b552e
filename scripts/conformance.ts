import { SuiteThread } from '../conformance/cli/suite-thread.ts';

// What the suite needs and what the command line needs are loaded side by side.
const thread = new SuiteThread();
const { runCommandLine } = await import('../conformance/cli/command-run.ts');
await runCommandLine(thread);
