import { randomInt } from 'node:crypto';
import process from 'node:process';
import { Command } from 'commander';
import { runCommand, wholeNumber } from '../../conformance/cli/command-line.ts';
import { description } from './fuzz/connection.ts';
import type { FuzzResult } from './fuzz/fuzz.ts';
import type { BadConnection } from './fuzz/trial.ts';

const command = new Command('npm run lab -- fuzz')
  .description('Sends a mock valid, broken and random requests, and tells the first that it does not stand.')
  .option('--requests <n>', 'how many connections to send', wholeNumber(1, 100_000_000), 10_000)
  .option('--seed <n>', 'generate what an earlier run sent again', wholeNumber(0, 2 ** 31 - 1))
  .option('--seconds <n>', 'stop after this time', wholeNumber(1, 86_400), 600)
  .addHelpText(
    'after',
    '\nExit codes: 0 everything was answered as it must be, 1 something was not, 2 nothing was tried.',
  );

await runCommand(command, async () => {
  const { seed = randomInt(2 ** 31), ...options } = command.opts<{
    requests: number;
    seconds: number;
    seed?: number;
  }>();
  // What generates takes a moment to load, which a wrong option need not wait for.
  const { fuzzMock } = await import('./fuzz/fuzz.ts');
  const result = await fuzzMock({ ...options, seed, report: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(`${described(result, seed, options.requests)}\n`);
  return result.bad === undefined ? 0 : 1;
});

function described({ connections, seconds, bad, memory }: FuzzResult, seed: number, requests: number): string {
  const [early, late] = (memory ?? []).map((bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`);
  const used = late === undefined ? '' : `; the mock uses ${early} after a fifth of them, ${late} at the end`;
  const total = `${connections} connections in ${seconds.toFixed(1)} s, seed ${seed}${used}`;
  if (bad !== undefined) return [describedBad(bad, seed), total].join('\n');
  const good = `${total}\nEach was answered or ended as it must be`;
  if (connections === requests) return `${good}, and a transfer still works.`;
  return `${good}. The time was over before the other ${requests - connections}: see --seconds.`;
}

function describedBad({ number, problem, connection, isReproduced }: BadConnection, seed: number): string {
  const alone =
    isReproduced === undefined
      ? 'There was no time to try it by itself'
      : `It ${isReproduced ? 'is bad by itself' : 'was bad beside others, not by itself'}`;
  return `Connection ${number} of seed ${seed}: ${problem}\n${alone}; ${description(connection)}`;
}
