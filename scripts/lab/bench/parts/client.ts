import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installInto } from '../../../package/install.ts';
import type { Context } from '../context.ts';
import packages from '../packages.json' with { type: 'json' };
import { runMeasured } from '../processes/run.ts';
import { figureOf, ratioOf, type PartResult } from '../result.ts';
import { inTurns, type Contender } from '../rounds.ts';

const caller = fileURLToPath(new URL('../processes/calls.ts', import.meta.url));
const [raw, own, other] = ['raw fetch', 'transfer-contract', 'openapi-fetch'] as const;

/** The processor time of a transfer by the client, against fetch alone and another client. */
export async function measureClient({ rounds, folder, server }: Context): Promise<PartResult> {
  const installed = join(folder, 'mocks');
  await installInto(installed, packages);
  const contender =
    (name: string): Contender =>
    async () => {
      const { output } = await runMeasured([caller, name, server.url, join(installed, 'package.json')]);
      return { cpu: Number(output) };
    };
  const contenders = { [raw]: contender(raw), [own]: contender(own), [other]: contender(other) };
  const samples = await inTurns(contenders, rounds);
  return {
    title: 'The client: processor time per transfer',
    method: '3,000 transfers one after the other, after 500 that are not counted; all threads of the process.',
    figures: [raw, own, other].map((name) => figureOf(name, 'cpu', 'µs', samples[name] ?? [])),
    ratios: [
      ratioOf(`${own} to ${raw}`, 'cpu', [samples[own], samples[raw]], { atMost: 1.3 }),
      ratioOf(`${other} to ${raw}`, 'cpu', [samples[other], samples[raw]]),
    ],
  };
}
