import type { Samples } from './result.ts';
import { root, runMeasured } from './processes/run.ts';
import type { PlainServer } from './processes/start-plain-server.ts';

/** Runs the suite against a server, which has to be found conforming, and counts its cases and requests. */
export function runSuite(server: PlainServer, ...options: readonly string[]): Promise<Samples> {
  return runSuiteIn(root, server, ...options);
}

/** Runs the suite of a checkout as `runSuite` does. */
export async function runSuiteIn(folder: string, server: PlainServer, ...options: readonly string[]): Promise<Samples> {
  await server.ask({ kind: 'take' });
  const script = ['--import', './scripts/require-node.mjs', 'scripts/conformance.ts', server.url];
  const named = ['--no-config', '--token', 'token', ...options];
  const { wall, cpu, peak, output } = await runMeasured([...script, ...named], { folder });
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
