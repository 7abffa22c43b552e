import process from 'node:process';
import { Command } from 'commander';

/** The tools of the laboratory. Each is a file of its name below `lab/`, which runs in a process that it alone decides about. */
const tools = {
  proof: 'run the suite against every faulty and every right server of the catalogue',
  attack: 'run the suite against hostile, busy and leaking servers, and measure it',
  fuzz: 'send the mock what no test thought of',
  bench: 'measure ratios of speed, side by side',
  peers: 'run other tools against a sample of the same servers',
  consumers: 'try the documents of the package on tools that read OpenAPI',
  size: 'print how large the repository is',
};

const lab = new Command('npm run lab --')
  .description('Proves, attacks and measures the suite, the mock and the client.')
  .addHelpText('after', '\nExit codes: 0 all is well, 1 something is to be mended, 2 nothing was tried.')
  .configureOutput({ outputError: (message, write) => write(message.replace(/^error: /, '')) })
  .exitOverride(({ code, exitCode }) =>
    process.exit(code.startsWith('commander.executeSubCommand') || exitCode === 0 ? exitCode : 2),
  );
for (const [name, description] of Object.entries(tools)) {
  lab.command(name, description, { executableFile: `lab/${name}.ts` });
}
lab.parse();
