import type { Context } from '../context.ts';
import { figureOf, type PartResult, type Ratio, type Samples } from '../result.ts';
import { inTurns } from '../rounds.ts';
import { summaryOf } from '../statistics.ts';
import { runSuite } from '../suite-run.ts';

/** How many values are generated for each constraint. There are eight, so that these are 200, 2,000 and 20,000 values. */
const sizes = [25, 250, 2500] as const;

/** How time and memory grow with the number of generated values. */
export async function measureGrowth({ rounds, server }: Context): Promise<PartResult> {
  const constraints = await constraintsOf(server);
  const [small, middle, large] = sizes.map((size) => `${size * constraints} values`) as [string, string, string];
  const contenders = Object.fromEntries(
    sizes.map((size) => [
      `${size * constraints} values`,
      async () => ({ ...(await generated(server, size)), values: size * constraints }),
    ]),
  );
  const samples = await inTurns(contenders, rounds, { warmUp: false });
  const growth = (quantity: string, from: string, to: string) =>
    slopes(quantity, samples[from] ?? [], samples[to] ?? []);
  const [early, late] = [growth('cpu', small, middle), growth('cpu', middle, large)];
  const memory: Ratio = {
    says: `memory per value, from ${middle} to ${large}`,
    unit: 'bytes',
    ...summaryOf(growth('peak', middle, large)),
    goal: { atMost: 2000 },
  };
  const time: Ratio = {
    says: `processor time per value from ${middle} to ${large}, to that from ${small} to ${middle}`,
    ...summaryOf(late.map((slope, round) => slope / (early[round] ?? Number.NaN))),
    goal: { atMost: 1.2 },
  };
  return {
    title: 'Growth: time and memory per generated value',
    method:
      'Runs with --fuzz alone; each value is a request, and readings of the call come beside, shared by those that are under ' +
      'way. Growth is told by processor time: the first few values cost no time of their own while vitest is loaded. Memory ' +
      'is the largest resident memory of the process.',
    figures: [small, middle, large].flatMap((name) => [
      figureOf(name, 'wall', 'ms', samples[name] ?? []),
      figureOf(name, 'cpu', 'ms', samples[name] ?? []),
      figureOf(name, 'peak', 'bytes', samples[name] ?? []),
    ]),
    ratios: [time, memory],
  };
}

function generated(server: Context['server'], size: number): Promise<Samples> {
  return runSuite(server, '--fuzz', String(size), '--seed', '1', '--only', 'fuzz');
}

/** With one value for each constraint there are as many cases as constraints, and the control. */
async function constraintsOf(server: Context['server']): Promise<number> {
  const { cases = 0 } = await generated(server, 1);
  return cases - 1;
}

/** By how much a quantity grows with each value, in each round. */
function slopes(quantity: string, from: readonly Samples[], to: readonly Samples[]): number[] {
  return to.map((larger, round) => {
    const smaller = from[round] ?? {};
    return ((larger[quantity] ?? 0) - (smaller[quantity] ?? 0)) / ((larger.values ?? 0) - (smaller.values ?? 0));
  });
}
