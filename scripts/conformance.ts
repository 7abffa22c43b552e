import process from 'node:process';

const [word = '', ...argv] = process.argv.slice(2);
if (['merge', 'compare', 'targets', 'mock'].includes(word)) {
  const { runProcess } = await import('../conformance/cli/command-line.ts');
  const { subcommands } = await import('../conformance/cli/subcommands.ts');
  await runProcess(async (io) => (await subcommands.get(word)?.(argv, io)) ?? 2);
} else {
  // What the suite needs and what the command line needs are loaded side by side.
  const { SuiteThread } = await import('../conformance/cli/suite-thread.ts');
  const thread = new SuiteThread();
  const { runCommandLine } = await import('../conformance/cli/command-run.ts');
  await runCommandLine(thread);
}
