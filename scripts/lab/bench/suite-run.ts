import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharesOf } from './profile.ts';
import type { Samples } from './result.ts';
import { runMeasured } from './processes/run.ts';
import type { PlainServer } from './processes/start-plain-server.ts';

/** Runs the suite against a server, which has to be found conforming, and counts its cases and requests. */
export function runSuite(server: PlainServer, ...options: readonly string[]): Promise<Samples> {
  return runScript(server, [], options);
}

/** Runs the suite as {@link runSuite} does, and tells where its busiest thread spent its time, in percent. */
export async function profileSuite(
  server: PlainServer,
  ...options: readonly string[]
): Promise<ReturnType<typeof sharesOf>> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'));
  try {
    await runScript(server, ['--cpu-prof', '--cpu-prof-dir', folder], options);
    return sharesOf(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runScript(
  server: PlainServer,
  nodeOptions: readonly string[],
  options: readonly string[],
): Promise<Samples> {
  await server.ask({ kind: 'take' });
  const script = ['--import', './scripts/require-node.mjs', 'scripts/conformance.ts', server.url];
  const named = ['--no-config', '--token', 'token', ...options];
  const { wall, cpu, peak, output } = await runMeasured([...nodeOptions, ...script, ...named]);
  const { requests, from, until } = await server.ask({ kind: 'take' });
  const cases = Number(/(\d+) cases in/.exec(output)?.[1]);
  if (!(cases > 0)) throw new Error(`The run tells no number of cases: ${output.trim().split('\n').at(-1)}`);
  return {
    wall,
    cpu,
    peak,
    cases,
    requests,
    'wall per request': wall / requests,
    rate: (requests * 1000) / (until - from),
  };
}
