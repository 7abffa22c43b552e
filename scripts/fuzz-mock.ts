import { randomInt } from 'node:crypto';
import process from 'node:process';
import { Command } from 'commander';
import { runCommand, wholeNumber } from './command-line.ts';
import { description } from './fuzz-mock/connection.ts';
import { fuzzMock, type FuzzResult } from './fuzz-mock/fuzz.ts';

const command = new Command('npm run fuzz:mock --')
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
  const result = await fuzzMock({ ...options, seed });
  process.stdout.write(`${described(result, seed)}\n`);
  return result.bad === undefined ? 0 : 1;
});

function described({ connections, seconds, bad, memory }: FuzzResult, seed: number): string {
  const [early, late] = (memory ?? []).map((bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`);
  const used = late === undefined ? '' : `; the mock uses ${early} after a fifth of them, ${late} at the end`;
  const total = `${connections} connections in ${seconds.toFixed(1)} s, seed ${seed}${used}`;
  if (bad === undefined) return `${total}\nEach was answered or ended as it must be, and a transfer still works.`;
  return [
    `Connection ${bad.number} of seed ${seed}: ${bad.problem}`,
    `It ${bad.isReproduced ? 'is bad by itself' : 'was bad beside others, not by itself'}; ${description(bad.connection)}`,
    total,
  ].join('\n');
}
