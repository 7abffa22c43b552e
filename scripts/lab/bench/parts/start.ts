import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dreddPeer } from '../../peers/dredd.ts';
import { install, tools, type Installed, type Tool } from '../../peers/install.ts';
import type { Peer } from '../../peers/peer.ts';
import { prismPeer } from '../../peers/prism.ts';
import { respectPeer } from '../../peers/respect.ts';
import { stepCiPeer } from '../../peers/step-ci.ts';
import type { Context } from '../context.ts';
import { root, runMeasured } from '../processes/run.ts';
import { figureOf, ratioOf, type PartResult, type Samples } from '../result.ts';
import { inTurns, type Contender } from '../rounds.ts';
import { runSuite } from '../suite-run.ts';

const makers: Readonly<Record<Tool, (installed: Installed) => Peer | Promise<Peer>>> = {
  dredd: dreddPeer,
  stepci: stepCiPeer,
  prism: prismPeer,
  respect: respectPeer,
};

const floorFolder = fileURLToPath(new URL('../floor', import.meta.url));
const own = 'npm run conformance';
const floor = 'vitest run of one empty test';

/** How long the suite takes from its start to its end, against vitest alone and against tools of other makers. */
export async function measureStart({ rounds, folder, server }: Context): Promise<PartResult> {
  const peers: Peer[] = [];
  for (const tool of tools) peers.push(await makers[tool](await install(tool, join(folder, 'peers'))));
  const contenders: Record<string, Contender> = { [floor]: runFloor, [own]: () => runSuite(server) };
  for (const peer of peers) contenders[nameOf(peer)] = () => runPeer(peer, server);
  const samples = await inTurns(contenders, rounds);
  const names = peers.map(nameOf);
  const perRequest = 'wall per request';
  return {
    title: 'Start: a whole run on a server that answers at once',
    method:
      'Wall time and processor time of whole processes, without npm. The tools of other makers send a script of 27 ' +
      'requests, some of which they repeat to read the call back.',
    figures: [
      ...[floor, own].map((name) => figureOf(name, 'cpu', 'ms', samples[name] ?? [])),
      ...[floor, own, ...names].map((name) => figureOf(name, 'wall', 'ms', samples[name] ?? [])),
      ...[own, ...names].map((name) => figureOf(name, 'requests', '', samples[name] ?? [])),
      ...[own, ...names].map((name) => figureOf(name, perRequest, 'ms', samples[name] ?? [])),
      figureOf(own, 'cases', '', samples[own] ?? []),
    ],
    ratios: [
      ratioOf(`${own} to ${floor}, wall time`, 'wall', [samples[own], samples[floor]], { atMost: 2 }),
      ratioOf(`${own} to ${floor}, processor time`, 'cpu', [samples[own], samples[floor]]),
      ...names.map((name) =>
        ratioOf(`${name} to ${own}, time per request`, perRequest, [samples[name], samples[own]], { atLeast: 1 }),
      ),
    ],
    charts: [
      {
        title: 'Time per request of a whole run',
        unit: 'ms',
        bars: [own, ...names].map((name) => ({
          name,
          value: figureOf(name, perRequest, '', samples[name] ?? []).median,
        })),
      },
    ],
  };
}

function nameOf({ rows, version }: Peer): string {
  return `${rows[0]?.name} ${version}`;
}

async function runFloor(): Promise<Samples> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { wall, cpu } = await runMeasured([vitest, 'run'], { folder: floorFolder });
  return { wall, cpu };
}

async function runPeer(peer: Peer, { url, ask }: Context['server']): Promise<Samples> {
  await ask({ kind: 'take' });
  const started = performance.now();
  const verdicts = await peer.run(url);
  const wall = performance.now() - started;
  const { requests } = await ask({ kind: 'take' });
  if (verdicts.some((verdict) => verdict !== 'passed')) {
    throw new Error(`${nameOf(peer)} says of the correct server: ${verdicts.join(', ')}, not passed.`);
  }
  return { wall, requests, 'wall per request': wall / requests };
}
