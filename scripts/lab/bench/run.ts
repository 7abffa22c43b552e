import { cpus, loadavg, tmpdir } from 'node:os';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { format, resolveConfig } from 'prettier';
import type { Context } from './context.ts';
import { measureClient } from './parts/client.ts';
import { measureGeneration } from './parts/generation.ts';
import { measureGrowth } from './parts/growth.ts';
import { measureMock } from './parts/mock.ts';
import { measureStart } from './parts/start.ts';
import { measureThroughput } from './parts/throughput.ts';
import { root } from './processes/run.ts';
import { startPlainServer } from './processes/start-plain-server.ts';
import { reaches, type MeasuredPart, type PartResult } from './result.ts';
import { partTable, resultsPage, type Circumstances } from './table.ts';

const measures = {
  start: measureStart,
  throughput: measureThroughput,
  growth: measureGrowth,
  mock: measureMock,
  generation: measureGeneration,
  client: measureClient,
} satisfies Record<string, (context: Context) => Promise<PartResult>>;

/** A part of the benchmark, which runs alone too. */
export type PartName = keyof typeof measures;

export const partNames = Object.keys(measures) as readonly PartName[];

/** The command line of a benchmark. */
export interface BenchOptions {
  readonly part: readonly PartName[];
  readonly rounds: number;
  /** Whether a ratio that misses its goal is exit code 1. */
  readonly check?: boolean;
  readonly write?: boolean;
  /** A checkout to compare with. */
  readonly against?: string;
  /** Where what is compared is kept, so that a later run need not install it. */
  readonly keep?: string;
}

const page = join(root, 'scripts/lab/bench/RESULTS.md');

/**
 * Measures the parts and prints their tables.
 *
 * @returns The exit code.
 */
export async function runBench(options: BenchOptions, output: { write(text: string): unknown }): Promise<number> {
  const folder = options.keep === undefined ? mkdtempSync(join(tmpdir(), 'bench-')) : resolve(options.keep);
  mkdirSync(folder, { recursive: true });
  const server = await startPlainServer();
  try {
    const measured: Partial<Record<PartName, MeasuredPart>> = {};
    for (const name of options.part) {
      const part = await measure(name, { rounds: options.rounds, folder, server, against: options.against });
      measured[name] = part;
      output.write(`${partTable(part)}\n\n`);
    }
    if (options.write === true) await writeResults(measured);
    const missed = Object.values(measured).flatMap(({ ratios }) => ratios.filter((ratio) => !reaches(ratio)));
    for (const { says, median } of missed) output.write(`Misses its goal: ${says}: ${median.toFixed(2)}\n`);
    return options.check === true && missed.length > 0 ? 1 : 0;
  } finally {
    await server.close();
    if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(name: PartName, context: Context): Promise<MeasuredPart> {
  process.stderr.write(`${name}:\n`);
  const before = loadavg()[0] ?? 0;
  const result = await measures[name](context);
  return { ...result, rounds: context.rounds, load: { before, after: loadavg()[0] ?? 0 } };
}

async function writeResults(measured: Partial<Record<PartName, MeasuredPart>>): Promise<void> {
  const ordered = partNames.flatMap((name) => measured[name] ?? []);
  const text = resultsPage(ordered, here());
  writeFileSync(page, await format(text, { ...(await resolveConfig(page)), filepath: page }));
}

function here(): Circumstances {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? process.arch,
    cores: processors.length,
    node: process.versions.node,
    on: new Date().toISOString().slice(0, 10),
  };
}
