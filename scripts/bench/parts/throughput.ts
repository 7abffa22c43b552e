import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from '../context.ts';
import type { RecordedRequest } from '../processes/messages.ts';
import { runMeasured } from '../processes/run.ts';
import type { PlainServer } from '../processes/start-plain-server.ts';
import { figureOf, ratioOf, type PartResult, type Samples } from '../result.ts';
import { inTurns } from '../rounds.ts';
import { profileSuite, runSuite } from '../suite-run.ts';

const sender = fileURLToPath(new URL('../processes/send-recorded.ts', import.meta.url));
const concurrency = '8';
const many = ['--only', 'fuzz', '--fuzz', '1000', '--seed', '1', '--concurrency', concurrency];
const own = 'the suite, 8,000 generated values';
const bare = 'the same requests by undici';

/** How many requests the suite sends in a second, against undici that sends the same and looks at nothing. */
export async function measureThroughput({ rounds, server }: Context): Promise<PartResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-throughput-'));
  try {
    const file = join(folder, 'requests.json');
    const recorded = await record(server, file);
    const samples = await inTurns(
      { [bare]: () => sendRecorded(server, file, recorded), [own]: () => runSuite(server, ...many) },
      rounds,
    );
    return resultOf(samples, await profileSuite(server, ...many));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function record(server: PlainServer, file: string): Promise<number> {
  await server.ask({ kind: 'record' });
  await runSuite(server, ...many);
  await server.ask({ kind: 'write', file });
  return (JSON.parse(readFileSync(file, 'utf8')) as RecordedRequest[]).length;
}

async function sendRecorded(server: PlainServer, file: string, recorded: number): Promise<Samples> {
  await server.ask({ kind: 'take' });
  const { cpu } = await runMeasured([sender, server.url, file, concurrency]);
  const { requests, from, until } = await server.ask({ kind: 'take' });
  if (requests !== recorded) throw new Error(`undici was to send ${recorded} requests, but ${requests} arrived.`);
  return { cpu, requests, rate: (requests * 1000) / (until - from) };
}

function resultOf(
  samples: Readonly<Record<string, readonly Samples[]>>,
  shares: Awaited<ReturnType<typeof profileSuite>>,
): PartResult {
  const [ours = [], theirs = []] = [samples[own], samples[bare]];
  const each = [own, bare].map((name) => [name, samples[name] ?? []] as const);
  const rates = each.map(([name, rounds]) => figureOf(name, 'rate', 'requests/s', rounds));
  return {
    title: 'Throughput: requests per second',
    method:
      `The server counts, from the first request that arrives until the last answer that leaves; ${concurrency} requests ` +
      'under way at once. What undici sends was recorded from a run of the suite, of generated values alone: other cases wait ' +
      'for effects, which is no matter of speed. Where the thread that sends spends its time was profiled in a run of its own.',
    figures: [
      ...rates,
      ...each.map(([name, rounds]) => figureOf(name, 'cpu', 'ms', rounds)),
      ...each.map(([name, rounds]) => figureOf(name, 'requests', '', rounds)),
      figureOf(own, 'cases', '', ours),
      ...shares.map(({ area, share }) => figureOf(own, `time: ${area}`, '%', [{ [`time: ${area}`]: share }])),
    ],
    ratios: [ratioOf(`${own} to ${bare}`, 'rate', [ours, theirs], { atLeast: 0.5 })],
    charts: [
      {
        title: 'Throughput',
        unit: 'requests/s',
        bars: rates.map(({ subject, median }) => ({ name: subject, value: median })),
      },
    ],
  };
}
