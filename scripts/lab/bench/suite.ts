import process from 'node:process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Context,
  type CountingServer,
  type Part,
  type Rounds,
  type Samples,
  divide,
  measureInTurns,
  root,
  runScript,
} from './measure.ts';
import { createTransferClient } from '../../../generated/client/index.ts';
import { commandOf } from '../../package/install.ts';

/** Measures a whole run of the suite against vitest alone. */
export async function measureStart({ rounds: count, server, against, folder }: Context): Promise<Part> {
  const [suite, former, empty] = [
    'npm run conformance',
    'the same in the other checkout',
    'vitest run of one empty test',
  ];
  writeFileSync(join(folder, 'empty.test.js'), "test('nothing', () => {});\n");
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--globals', '--root', folder];
  const subjects = {
    [empty]: async () => ({ wall: (await runScript(vitest)).wall }),
    [suite]: () => runSuite(root, server),
    ...(against && { [former]: () => runSuite(against, server) }),
  };
  const rounds = await measureInTurns(subjects, count);
  return {
    title: 'Start: a whole run on a server that answers at once',
    method: 'Wall time of whole processes, without npm.',
    rounds,
    ratios: [
      { says: `${suite} to ${empty}, wall time`, values: divide(rounds, 'wall', suite, empty), goal: { atMost: 3 } },
      ...(against ? [{ says: `${suite} to ${former}`, values: divide(rounds, 'wall', suite, former) }] : []),
    ],
  };
}

/** Measures time and memory of generated values. */
export async function measureFuzz({ rounds: count, server, against }: Context): Promise<Part> {
  const sizes = [250, 1000, 2500].map((size) => `--fuzz ${size}`);
  const [small = '', middle = '', large = ''] = sizes;
  const former = `${middle} in the other checkout`;
  const runIn = (folder: string, flags: string) => () =>
    runSuite(folder, server, ...flags.split(' '), '--only', 'fuzz', '--seed', '1');
  const subjects = {
    ...Object.fromEntries(sizes.map((flags) => [flags, runIn(root, flags)])),
    ...(against && { [former]: runIn(against, middle) }),
  };
  const rounds = await measureInTurns(subjects, count);
  const early = slopes(rounds, 'cpu', small, middle);
  const time = slopes(rounds, 'cpu', middle, large).map((slope, round) => slope / (early[round] ?? Number.NaN));
  const memory = slopes(rounds, 'peak memory', middle, large).map((slope) => slope * 2 ** 20);
  return {
    title: 'Generated values',
    method:
      'Runs with --fuzz alone: so many values of each constraint, each in a request. The other checkout gets the same options.',
    rounds,
    ratios: [
      ...(against
        ? [
            {
              says: `${middle} to ${former}, time per request`,
              values: divide(rounds, 'wall per request', middle, former),
              goal: { atMost: 1 },
            },
          ]
        : []),
      {
        says: `processor time per request from ${middle} to ${large}, to that from ${small} to ${middle}`,
        values: time,
        goal: { atMost: 1.2 },
      },
      { says: `bytes of memory per request, from ${middle} to ${large}`, values: memory, goal: { atMost: 2000 } },
    ],
  };
}

/** Measures `npm test`, which needs another checkout to be compared with. */
export async function measureTests({ rounds: count, against }: Context): Promise<Part> {
  const npm = process.env.npm_execpath;
  if (npm === undefined) throw new Error('npm is not known here: run this as npm run lab -- bench.');
  const runIn = (folder: string) => async () => ({ wall: (await runScript([npm, 'test'], folder)).wall });
  const [here, there] = ['this checkout', 'the other checkout'];
  const subjects = { [here]: runIn(root), ...(against && { [there]: runIn(against) }) };
  const rounds = await measureInTurns(subjects, count, { warmUp: false });
  return {
    title: 'npm test',
    method: 'Wall time of the whole command, in turns, without a first round that does not count.',
    rounds,
    ratios: against
      ? [{ says: `${here} to ${there}`, values: divide(rounds, 'wall', here, there), goal: { atMost: 0.5 } }]
      : [],
  };
}

/** Runs the suite of a checkout against a server, which it must find conforming. */
async function runSuite(folder: string, server: CountingServer, ...flags: readonly string[]): Promise<Samples> {
  await server.take();
  const script = ['--import', './scripts/require-node.mjs', 'scripts/conformance.ts', server.url];
  const { output: _, ...cost } = await runScript([...script, '--no-config', '--token', 'token', ...flags], folder);
  const requests = await server.take();
  return { ...cost, requests, 'wall per request': cost.wall / requests };
}

/** Returns the growth of a quantity with each request, in each round. */
export function slopes(rounds: Rounds, quantity: string, smaller: string, larger: string): number[] {
  return (rounds[larger] ?? []).map((large, round) => {
    const small = rounds[smaller]?.[round] ?? {};
    const difference = (name: string) => (large[name] ?? Number.NaN) - (small[name] ?? Number.NaN);
    return difference(quantity) / difference('requests');
  });
}

/** Measures generation against the tools that it is made of, each run by its command. */
export async function measureGeneration({ rounds: count, folder }: Context): Promise<Part> {
  const [own, tools] = ['npm run generate', 'its tools, one after the other'];
  const bundle = join(folder, 'bundle.json');
  const redocly = commandOf(root, '@redocly/cli', 'redocly');
  const rules = ['--config', 'spec/redocly.yaml', 'spec/openapi.yaml'];
  const commands = [
    [redocly, 'lint', ...rules],
    [redocly, 'bundle', ...rules, '--output', bundle],
    [commandOf(root, 'openapi-typescript', 'openapi-typescript'), bundle, '--output', join(folder, 'types.ts')],
    [commandOf(root, '@hey-api/openapi-ts', 'openapi-ts'), '--input', bundle, '--output', join(folder, 'client')],
  ];
  const script = ['--import', './scripts/require-node.mjs', 'scripts/generate.ts', '--out', join(folder, 'generated')];
  const rounds = await measureInTurns(
    {
      [own]: async () => ({ wall: (await runScript(script)).wall }),
      [tools]: async () => {
        let wall = 0;
        for (const command of commands) wall += (await runScript(command)).wall;
        return { wall };
      },
    },
    count,
  );
  return {
    title: 'Generation: from the contract to everything that follows',
    method: 'Wall time of whole processes, without npm: redocly lint and bundle, openapi-typescript and openapi-ts.',
    rounds,
    ratios: [{ says: `${own} to ${tools}`, values: divide(rounds, 'wall', own, tools), goal: { atMost: 1.3 } }],
  };
}

/** Measures the processor time of a transfer by the client, against fetch alone. */
export async function measureClient({ rounds: count, server: { url } }: Context): Promise<Part> {
  const [own, raw] = ['the client', 'raw fetch'];
  const path = { userId: '12', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
  const parties = { sendCallTo: '3235742879', transferFromNumber: '0003*024' };
  const client = createTransferClient({ baseUrl: url, token: 'token' });
  const rounds = await measureInTurns(
    {
      [raw]: () =>
        measureCalls(async () => {
          const response = await fetch(`${url}/uapi/phoneCalls/${Object.values(path).join('/')}`, {
            method: 'PUT',
            headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
            body: JSON.stringify({ action: 'Transfer', ...parties }),
          });
          await response.json();
          return response.ok;
        }),
      [own]: () => measureCalls(async () => (await client.transferPhoneCall({ ...path, ...parties })).ok),
    },
    count,
  );
  return {
    title: 'The client: processor time per transfer',
    method: '1,000 transfers one after the other, all threads of the process.',
    rounds,
    ratios: [{ says: `${own} to ${raw}`, values: divide(rounds, 'cpu per call', own, raw), goal: { atMost: 1.3 } }],
  };
}

async function measureCalls(call: () => Promise<boolean>) {
  const before = process.cpuUsage();
  for (let count = 0; count < 1000; count++) {
    if (!(await call())) throw new Error('A transfer to the plain server was not answered with a success.');
  }
  const { user, system } = process.cpuUsage(before);
  return { 'cpu per call': (user + system) / 1000 };
}
