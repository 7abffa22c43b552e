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
import { runSuite, runSuiteIn } from '../suite-run.ts';

const sender = fileURLToPath(new URL('../processes/send-recorded.ts', import.meta.url));
const concurrency = '8';

/** How many values each constraint is tried with: so few that much time goes into compiling what is run, and many. */
const sizes = [1000, 5000];

/** How many requests the suite sends in a second, against undici that sends the same and looks at nothing. */
export async function measureThroughput({ rounds, server, against }: Context): Promise<PartResult> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-throughput-'));
  try {
    const compared = [];
    for (const values of sizes) {
      compared.push(await compare({ server, rounds, against }, values, join(folder, `${values}.json`)));
    }
    return resultOf(compared);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What was measured of a number of values. */
interface Comparison {
  readonly own: string;
  readonly bare: string;
  /** The suite of the checkout that is compared with. */
  readonly former: string | undefined;
  readonly samples: Readonly<Record<string, readonly Samples[]>>;
}

async function compare(
  { server, rounds, against }: Pick<Context, 'server' | 'rounds' | 'against'>,
  values: number,
  file: string,
): Promise<Comparison> {
  const options = optionsOf(values);
  const own = `the suite, --fuzz ${values}`;
  const bare = `undici, --fuzz ${values}`;
  const recorded = await record(server, file, options);
  const send = () => sendRecorded(server, file, recorded);
  const former = against === undefined ? undefined : `the suite of ${against}, --fuzz ${values}`;
  const contenders = {
    [bare]: send,
    [own]: () => runSuite(server, ...options),
    ...(former !== undefined && { [former]: () => runSuiteIn(against ?? '', server, ...options) }),
  };
  return { own, bare, former, samples: await inTurns(contenders, rounds) };
}

function optionsOf(values: number): string[] {
  return ['--only', 'fuzz', '--fuzz', String(values), '--seed', '1', '--concurrency', concurrency];
}

async function record(server: PlainServer, file: string, options: readonly string[]): Promise<number> {
  await server.ask({ kind: 'record' });
  await runSuite(server, ...options);
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

function resultOf(compared: readonly Comparison[]): PartResult {
  const named = compared.flatMap(({ own, bare, former, samples }) =>
    [own, bare, ...(former === undefined ? [] : [former])].map((name) => [name, samples[name] ?? []] as const),
  );
  const rates = named.map(([name, rounds]) => figureOf(name, 'rate', 'requests/s', rounds));
  return {
    title: 'Throughput: requests per second',
    method:
      `The server counts, from the first request that arrives until the last answer that leaves; ${concurrency} requests ` +
      'under way at once. What undici sends was recorded from a run of the suite, of generated values alone: other cases wait ' +
      'for effects, which is no matter of speed.',
    figures: [
      ...rates,
      ...named.map(([name, rounds]) => figureOf(name, 'cpu', 'ms', rounds)),
      ...named.map(([name, rounds]) => figureOf(name, 'requests', '', rounds)),
      ...compared.map(({ own, samples }) => figureOf(own, 'cases', '', samples[own] ?? [])),
    ],
    ratios: compared.flatMap(({ own, bare, former, samples }) => [
      ratioOf(`${own}, to the same requests by undici`, 'rate', [samples[own], samples[bare]], { atLeast: 0.5 }),
      ...(former === undefined
        ? []
        : [
            ratioOf(`${own}, to ${former}, time per request`, 'wall per request', [samples[own], samples[former]], {
              atMost: 1,
            }),
          ]),
    ]),
  };
}
