import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { runCommand } from '../../conformance/cli/command-line.ts';
import { matchSubjects, subjects, type Subject } from './proof/catalogue.ts';

/** A tool, the arguments with which it tries a server, and its words for success and for failure. */
interface Peer {
  readonly script: string;
  readonly argumentsFor: (url: string) => readonly string[];
  readonly passed: RegExp;
  readonly failed: RegExp;
}

/** The time that a tool has for one server, in milliseconds. */
const limit = 90_000;

const fileFor = (name: string) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

const peers: Readonly<Record<string, Peer>> = {
  'Redocly Respect': {
    script: fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url)),
    argumentsFor: (url) => ['respect', fileFor('respect.arazzo.yaml'), '--server', `transfer=${url}`],
    passed: /Workflows: \d+ passed, \d+ total/,
    failed: /Workflows: .*\d+ failed/,
  },
};

const command = new Command('npm run lab -- peers')
  .description('Runs other tools, each configured by files in its own format, against servers of the catalogue.')
  .option('--only <pattern>', 'only the servers whose id contains this, in which * stands for anything')
  .addHelpText('after', '\nExit codes: 0 the tools were run, 2 nothing was tried.');

await runCommand(command, async () => {
  const { only } = command.opts<{ only?: string }>();
  const servers = only === undefined ? subjects : matchSubjects(subjects, only);
  if (servers.length === 0) throw new Error(`No server has an id with ${only}: see PROOF.md for the ids.`);
  for (const [name, peer] of Object.entries(peers)) {
    const counts = { fault: { failed: 0, all: 0 }, control: { failed: 0, all: 0 } };
    for (const subject of servers) {
      const verdict = await tryServer(peer, subject);
      process.stdout.write(`${name}: ${subject.kind} ${subject.id}: ${verdict}\n`);
      counts[subject.kind].all++;
      if (verdict === 'failed') counts[subject.kind].failed++;
    }
    const { fault, control } = counts;
    process.stdout.write(
      `${name}: ${fault.failed} of ${fault.all} faults found, ${control.failed} false alarms on ${control.all} controls\n`,
    );
  }
  return 0;
});

async function tryServer({ script, argumentsFor, passed, failed }: Peer, subject: Subject): Promise<string> {
  const server = await subject.start();
  const environment = {
    ...process.env,
    NO_COLOR: '1',
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  };
  try {
    const output = await new Promise<string>((resolve) => {
      const options = { timeout: limit, maxBuffer: 2 ** 26, env: environment };
      execFile(process.execPath, [script, ...argumentsFor(server.url)], options, (_, ...streams) =>
        resolve(streams.join('')),
      );
    });
    return failed.test(output) ? 'failed' : passed.test(output) ? 'passed' : 'no verdict';
  } finally {
    await Promise.race([server.close(), new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
  }
}
