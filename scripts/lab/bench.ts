import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { Command, Option } from 'commander';
import { format, resolveConfig } from 'prettier';
import { measureClient, measureGeneration } from './bench/suite.ts';
import { formatPart, reaches, replacePart, round, type Part, type Ratio } from './bench/measure.ts';
import { startServer, type Context } from './bench/measure.ts';
import { measureMock } from './bench/mock.ts';
import { measureFuzz, measureStart, measureTests } from './bench/suite.ts';
import { runCommand, wholeNumber } from '../../conformance/cli/command-line.ts';

const measures: Readonly<Record<string, (context: Context) => Promise<Part>>> = {
  start: measureStart,
  fuzz: measureFuzz,
  tests: measureTests,
  mock: measureMock,
  generation: measureGeneration,
  client: measureClient,
};

const command = new Command('npm run lab -- bench')
  .description('Measures how fast the suite, the tests, the mock, the generation and the client are, side by side.')
  .addOption(new Option('--part <name...>', 'only these parts').choices(Object.keys(measures)))
  .option('--rounds <n>', 'how often each is measured, after a first time that does not count', wholeNumber(1, 100), 5)
  .option('--against <folder>', 'compare with another checkout too, after npm ci there')
  .option('--keep <folder>', 'keep what is installed in this folder, for the next time')
  .option('--write', 'put the parts that were measured into scripts/lab/bench/RESULTS.md')
  .option('--check', 'exit with 1 if a ratio misses its goal')
  .addHelpText('after', '\nExit codes: 0 all is well, 1 a ratio misses its goal, 2 nothing was measured.');

await runCommand(command, async () => {
  const options = command.opts<{
    part?: string[];
    rounds: number;
    against?: string;
    keep?: string;
    write?: true;
    check?: true;
  }>();
  const folder = resolve(options.keep ?? mkdtempSync(join(tmpdir(), 'bench-')));
  mkdirSync(folder, { recursive: true });
  const server = await startServer();
  const against = options.against && resolve(options.against);
  const ratios: Ratio[] = [];
  try {
    for (const name of options.part ?? Object.keys(measures)) {
      process.stderr.write(`${name}:\n`);
      const part = await measures[name]?.({ rounds: options.rounds, folder, server, against });
      if (part === undefined) continue;
      const text = await format(formatPart(part, describeCircumstances(options.rounds)), { parser: 'markdown' });
      process.stdout.write(`${text}\n`);
      if (options.write) await writePart(text);
      ratios.push(...part.ratios);
    }
  } finally {
    await server.close();
    if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
  const missed = ratios.filter((ratio) => !reaches(ratio));
  for (const { says } of missed) process.stdout.write(`Misses its goal: ${says}\n`);
  return options.check && missed.length > 0 ? 1 : 0;
});

function describeCircumstances(rounds: number): string {
  const [processor] = cpus();
  const machine = `${processor?.model.trim()}, ${cpus().length} cores, Node.js ${process.versions.node}`;
  const day = new Date().toISOString().slice(0, 10);
  return `Medians of ${rounds} rounds, ± median absolute deviation. ${machine}, load average ${round(loadavg()[0] ?? 0)}, ${day}.`;
}

/** Replaces one part of the page of results, and leaves the others. */
async function writePart(text: string): Promise<void> {
  const page = join(import.meta.dirname, 'bench/RESULTS.md');
  const results = replacePart(readFileSync(page, 'utf8'), text);
  writeFileSync(page, await format(results, { ...(await resolveConfig(page)), filepath: page }));
}
