import process from 'node:process';
import { Command } from 'commander';
import { exitCodes } from '../conformance/report/verdict.ts';
import { collected, collectedFrom, runCommand, wholeNumber } from './command-line.ts';
import { registerRows, registerTable } from './conformance/register.ts';
import { runConformance, type ConformanceOptions } from './conformance/run.ts';

const command = new Command('npm run conformance --')
  .argument('[url]', 'the server to check; without it the mock is started and checked')
  .option('--token <token>', 'the bearer token; better in CONFORMANCE_TOKEN')
  .option('--client-id <id>', 'fetch a token for this client; its secret is in CONFORMANCE_CLIENT_SECRET')
  .option('--token-url <url>', 'where it is fetched; /oauth/token.php at the server if left out')
  .option('--user <id>', 'the User that owns the call')
  .option('--extension <number>', 'the extension of the call')
  .option('--call <id>', 'the live call that may be transferred')
  .option(
    '--send-to <number>',
    'a number that it may go to; repeat for an extension, a public number, one with +',
    collected,
  )
  .option('--from <number>', 'the party that transfers the call')
  .option('--number <number>', 'the party that is transferred')
  .option(
    '--other-call <id>',
    'another call, which must not move; EXTENSION/ID for one of another extension',
    collected,
  )
  .option('--idle-extension <number>', 'an extension that has no calls, for profile bulk')
  .option('--calls <module>', 'a module that places a fresh call for each case that uses one up')
  .option(
    '--profile <name>',
    'core; bulk, which moves every call of the extension; repeatable',
    collectedFrom(['core', 'bulk']),
  )
  .option('--only <pattern>', 'cases or requirements by id, * for anything; repeatable', collected)
  .option('--list', 'print the requirements and their cases, and send nothing')
  .option('--strict', 'count what a server should do as what it must do')
  .option('--timeout <ms>', 'the time limit of a request', wholeNumber(1, 600_000), 5000)
  .option('--effect-timeout <ms>', 'the time within which a transfer must show', wholeNumber(0, 600_000), 5000)
  .option('--concurrency <n>', 'how many requests are under way at once', wholeNumber(1, 64), 8)
  .option('--fuzz <n>', 'generate N more values for each constraint', wholeNumber(0, 1_000_000))
  .option('--seed <n>', 'generate the values of an earlier --fuzz again', wholeNumber(0, 2 ** 31 - 1))
  .option('--self-check', 'tell how many wrong answers this run would have caught; sends nothing more')
  .option('--report <dir>', 'write report.json and junit.xml into this folder')
  .addHelpText('after', '\nExit codes: 0 conforming, 1 not conforming, 2 nothing verified, 3 incomplete.');

await runCommand(command, async () => {
  const options = { ...command.opts(), url: command.args[0] } as ConformanceOptions;
  if (options.list === true) {
    process.stdout.write(`${registerTable(registerRows())}\n`);
    return 0;
  }
  return exitCodes[await runConformance(options, process.stdout)];
});
