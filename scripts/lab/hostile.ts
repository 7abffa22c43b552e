import process from 'node:process';
import { Command } from 'commander';
import { runCommand } from '../../conformance/cli/command-line.ts';
import { hostileServers } from './hostile/servers.ts';
import { isAsItMustBe, sufferedBy, trialLine } from './hostile/trial.ts';

const command = new Command('npm run lab -- hostile')
  .description('Runs the conformance command against servers that answer with what is no answer, and measures it.')
  .option('--only <pattern>', 'only the servers whose id contains this, * for anything')
  .addHelpText('after', '\nExit codes: 0 every run was as it must be, 1 one was not, 2 nothing was run.');

await runCommand(command, async () => {
  const { only = '*' } = command.opts<{ only?: string }>();
  const servers = hostileServers(only);
  let missed = 0;
  for (const server of servers) {
    const trial = await sufferedBy(server);
    process.stdout.write(`${trialLine(trial)}\n`);
    if (!isAsItMustBe(trial)) missed++;
  }
  process.stdout.write(`${servers.length} hostile servers: ${servers.length - missed} runs as they must be\n`);
  return missed === 0 ? 0 : 1;
});
