import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from '../context.ts';
import { root, runMeasured } from '../processes/run.ts';
import { figureOf, ratioOf, type PartResult, type Samples } from '../result.ts';
import { inTurns } from '../rounds.ts';
import { runSuite } from '../suite-run.ts';

const floorFolder = fileURLToPath(new URL('../floor', import.meta.url));
const own = 'npm run conformance';
const floor = 'vitest run of one empty test';

/** Measures the suite from its start to its end, against vitest alone. */
export async function measureStart({ rounds, server }: Context): Promise<PartResult> {
  const samples = await inTurns({ [floor]: runFloor, [own]: () => runSuite(server) }, rounds);
  const [alone = [], suite = []] = [samples[floor], samples[own]];
  return {
    title: 'Start: a whole run on a server that answers at once',
    method: 'Wall time and processor time of whole processes, without npm.',
    figures: [
      ...['wall', 'cpu'].map((quantity) => figureOf(floor, quantity, 'ms', alone)),
      ...['wall', 'cpu', 'wall per request'].map((quantity) => figureOf(own, quantity, 'ms', suite)),
      ...['requests', 'cases'].map((quantity) => figureOf(own, quantity, '', suite)),
    ],
    ratios: [
      ratioOf(`${own} to ${floor}, wall time`, 'wall', [suite, alone], { atMost: 3 }),
      ratioOf(`${own} to ${floor}, processor time`, 'cpu', [suite, alone]),
    ],
  };
}

async function runFloor(): Promise<Samples> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { wall, cpu } = await runMeasured([vitest, 'run'], { folder: floorFolder });
  return { wall, cpu };
}
