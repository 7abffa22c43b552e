import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installInto } from '../../../package/install.ts';
import type { Context } from '../context.ts';
import { ownMock, startMocks, stockPrism, type RunningMock } from '../mock-servers.ts';
import packages from '../packages.json' with { type: 'json' };
import type { Load, LoadResult } from '../processes/load.ts';
import { runMeasured } from '../processes/run.ts';
import { figureOf, ratioOf, type Figure, type PartResult, type Ratio, type Samples } from '../result.ts';
import { inTurns, type Contender } from '../rounds.ts';

const loader = fileURLToPath(new URL('../processes/load.ts', import.meta.url));
const connections = [1, 16, 64] as const;
const seconds = 1;
const path = '/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333';
const valid = { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' };

/** The requests, each with a number of its own, and the answer that is right for each. */
const requests = {
  valid: { body: JSON.stringify({ ...valid, sendCallTo: '32357#' }), status: 200 },
  invalid: { body: JSON.stringify({ ...valid, transferFromNumber: 'nobody#' }), status: 400 },
} as const;

/** So many that a mock which remembers requests has forgotten each when it comes again. */
const manyRequests = 8000;

type Kind = keyof typeof requests;

/** The load of one kind of requests over so many connections. */
interface Cell {
  readonly kind: Kind;
  readonly over: number;
  /** Whether a request is one that was not sent before. */
  readonly isNew: boolean;
}

/** How many requests the mock answers, against other mocks and against node:http alone. */
export async function measureMock({ rounds, folder }: Pick<Context, 'rounds' | 'folder'>): Promise<PartResult> {
  const installed = join(folder, 'mocks');
  await installInto(installed, packages);
  const mocks = await startMocks(installed);
  try {
    const kinds = ['valid', 'invalid'] as const;
    const cells: Cell[] = [
      ...connections.flatMap((over) => kinds.map((kind) => ({ kind, over, isNew: false }))),
      ...kinds.map((kind) => ({ kind, over: 16, isNew: true })),
    ];
    const measured: { cell: Cell; samples: Record<string, Samples[]> }[] = [];
    for (const cell of cells) {
      const load =
        (mock: RunningMock): Contender =>
        () =>
          putLoad(mock, cell, installed);
      const contenders = Object.fromEntries(mocks.map((mock) => [mock.name, load(mock)]));
      measured.push({ cell, samples: await inTurns(contenders, rounds) });
    }
    return resultOf(measured);
  } finally {
    await Promise.all(mocks.map((mock) => mock.close()));
  }
}

async function putLoad({ name, url }: RunningMock, { kind, over, isNew }: Cell, installed: string): Promise<Samples> {
  const { body, status } = requests[kind];
  const load: Load = {
    installed: join(installed, 'package.json'),
    url: `${url}${path}`,
    connections: over,
    duration: seconds,
    body,
    numbers: isNew ? manyRequests : 1,
    headers: { authorization: 'Bearer any-token', 'content-type': 'application/json' },
  };
  const { output } = await runMeasured([loader, JSON.stringify(load)]);
  const { rate, p99, statuses, errors } = JSON.parse(output) as LoadResult;
  const others = Object.keys(statuses).filter((came) => came !== String(status));
  if (name === ownMock && (errors > 0 || others.length > 0)) {
    throw new Error(`${name}, ${kind} requests: expected ${status}, got ${others.join(', ')} and ${errors} errors.`);
  }
  return { rate, p99 };
}

function resultOf(measured: readonly { cell: Cell; samples: Record<string, Samples[]> }[]): PartResult {
  return {
    title: 'The mock: requests per second',
    method: `Transfers by autocannon, ${seconds} s each, from a process of its own, on the same machine; the body of the invalid ones has a transferFromNumber that is none. The same request again and again, of which the own mock remembers what Prism said; or a new one each time, with another number in its body.`,
    figures: measured.flatMap(({ cell, samples }) => figuresOf(cell, samples)),
    ratios: measured.map(({ cell, samples }) => ratioIn(cell, samples)),
  };
}

function figuresOf(cell: Cell, samples: Record<string, Samples[]>): Figure[] {
  return Object.entries(samples).flatMap(([name, taken]) => [
    { ...figureOf(name, 'rate', 'requests/s', taken), quantity: described(cell) },
    { ...figureOf(name, 'p99', 'ms', taken), quantity: `p99, ${described(cell)}` },
  ]);
}

function ratioIn(cell: Cell, samples: Record<string, Samples[]>): Ratio {
  const sides = [samples[ownMock], samples[stockPrism]] as const;
  return ratioOf(`${ownMock} to ${stockPrism}, ${described(cell)}`, 'rate', sides, { atLeast: 1.5 });
}

function described({ kind, over, isNew }: Cell): string {
  return `${kind}${isNew ? ', new each time' : ''}, ${over} ${over === 1 ? 'connection' : 'connections'}`;
}
