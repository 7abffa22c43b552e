import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { runCommand } from '../../conformance/cli/command-line.ts';
import { InputError } from '../../conformance/contract/input-error.ts';
import { commandOf, repositoryFolder } from '../package/install.ts';
import { matchSubjects, subjects, type Subject } from './proof/catalogue.ts';

/** The time that the tool has for one server, in milliseconds. */
const limit = 90_000;

const command = new Command('npm run lab -- peers')
  .description('Runs Redocly Respect, configured by a file in its own format, against servers of the catalogue.')
  .option('--only <pattern>', 'only the servers whose id contains this, in which * stands for anything', '*')
  .addHelpText('after', '\nExit codes: 0 the tool was run, 2 nothing was tried.');

await runCommand(command, async () => {
  const { only } = command.opts<{ only: string }>();
  const servers = matchSubjects(subjects, only);
  if (servers.length === 0) throw new InputError(`No server has an id with ${only}: see PROOF.md for the ids.`);
  const failed: Subject[] = [];
  for (const subject of servers) {
    const verdict = await tryServer(subject);
    process.stdout.write(`${subject.kind} ${subject.id}: ${verdict}\n`);
    if (verdict === 'failed') failed.push(subject);
  }
  const count = (some: readonly Subject[], kind: Subject['kind']) => some.filter((one) => one.kind === kind).length;
  const [faults, controls] = [count(servers, 'fault'), count(servers, 'control')];
  const alarms = `${count(failed, 'control')} false alarms on ${controls} controls`;
  process.stdout.write(`${count(failed, 'fault')} of ${faults} faults found, ${alarms}\n`);
  return 0;
});

async function tryServer(subject: Subject): Promise<'passed' | 'failed' | 'no verdict'> {
  const server = await subject.start();
  const file = fileURLToPath(new URL('peers/respect.arazzo.yaml', import.meta.url));
  const words = [commandOf(repositoryFolder, '@redocly/cli', 'redocly'), 'respect', file];
  const quietly = { NO_COLOR: '1', REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const options = { timeout: limit, maxBuffer: 2 ** 26, env: { ...process.env, ...quietly } };
  try {
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, [...words, '--server', `transfer=${server.url}`], options, (_, ...streams) =>
        resolve(streams.join('')),
      );
    });
    if (/Workflows: .*\d+ failed/.test(output)) return 'failed';
    return /Workflows: \d+ passed, \d+ total/.test(output) ? 'passed' : 'no verdict';
  } finally {
    await Promise.race([server.close(), new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
  }
}
