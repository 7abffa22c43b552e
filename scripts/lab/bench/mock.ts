import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf, installInto } from '../../package/install.ts';
import { divide, type Part, type Rounds } from './measure.ts';
import { measureInTurns, root, runScript, type Context } from './measure.ts';

const packages = { autocannon: '9.0.0' };
const own = 'npm run mock';
const stock = 'npm run mock -- --stock';

/** The bodies that are sent; autocannon puts another value in place of `[<id>]` each time. */
const transfer = { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' };
const kinds = {
  'valid requests': { body: transfer, status: 200 },
  'invalid requests': { body: { ...transfer, transferFromNumber: 'none' }, status: 400 },
  'valid requests, new each time': { body: { ...transfer, note: '[<id>]' }, status: 200 },
  'invalid requests, new each time': { body: { ...transfer, transferFromNumber: '[<id>]' }, status: 400 },
};

/** Measures the requests that the mock answers, against Prism as it comes. */
export async function measureMock({ rounds: count, folder }: Context): Promise<Part> {
  await installInto(folder, packages);
  const contract = join(root, 'generated/openapi.json');
  const prism = commandOf(root, '@stoplight/prism-cli', 'prism');
  const mocks = await Promise.all([
    startMock(own, ['--import', './scripts/require-node.mjs', 'scripts/mock.ts', '--quiet']),
    startMock(stock, [prism, 'mock', contract, '--verboseLevel', 'silent']),
  ]);
  try {
    const rounds: Record<string, Rounds[string]> = {};
    for (const [kind, { body, status }] of Object.entries(kinds)) {
      const put = (mock: Started) => [`${mock.name}, ${kind}`, () => putLoad(folder, mock, body, status)] as const;
      Object.assign(rounds, await measureInTurns(Object.fromEntries(mocks.map(put)), count));
    }
    return {
      title: 'The mock: requests per second',
      method:
        'Transfers by autocannon over 16 connections, 1 s each, from another process on the same machine. The ratio is that of requests to processor time, which other programs on the machine disturb least.',
      rounds,
      ratios: Object.keys(kinds).map((kind) => ({
        says: `${own} to ${stock}, ${kind}`,
        values: divide(rounds, 'cpu per call', `${stock}, ${kind}`, `${own}, ${kind}`),
        goal: { atLeast: 1.5 },
      })),
    };
  } finally {
    for (const mock of mocks) mock.close();
  }
}

async function putLoad(folder: string, { url, cpu }: Started, body: object, status: number) {
  const before = cpu();
  const flags = '--json --connections 16 --duration 1 --method PUT --idReplacement'.split(' ');
  const headers = ['authorization: Bearer any-token', 'content-type: application/json'];
  const { output } = await runScript([
    commandOf(folder, 'autocannon', 'autocannon'),
    ...flags,
    ...headers.flatMap((header) => ['--headers', header]),
    '--body',
    JSON.stringify(body),
    `${url}/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333`,
  ]);
  const { requests, latency, statusCodeStats } = JSON.parse(output) as {
    readonly requests: { readonly average: number; readonly total: number };
    readonly latency: { readonly p99: number };
    readonly statusCodeStats: object;
  };
  const came = Object.keys(statusCodeStats).join(', ');
  if (came !== String(status)) throw new Error(`${url}: expected ${status} to ${JSON.stringify(body)}, got ${came}.`);
  return { rate: requests.average, p99: latency.p99, 'cpu per call': ((cpu() - before) / requests.total) * 1000 };
}

interface Started {
  readonly name: string;
  readonly url: string;
  /** Returns the milliseconds of processor time that the mock has taken; not a number except on Linux. */
  cpu(): number;
  close(): void;
}

/** Starts a mock in another process on a free port, and waits for its first answer. */
async function startMock(name: string, words: readonly string[]): Promise<Started> {
  const port = await findFreePort();
  const child = spawn(process.execPath, [...words, '--port', String(port)], { cwd: root, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (const until = performance.now() + 60_000; performance.now() < until; await sleep(100)) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) return { name, url, cpu: () => readCpu(child.pid), close: () => void child.kill() };
  }
  child.kill();
  throw new Error(`${name} does not answer: expected it within 60 s.`);
}

function readCpu(pid: number | undefined): number {
  if (process.platform !== 'linux') return Number.NaN;
  // The 14th and 15th fields, in hundredths of a second, of which the second, in parentheses, may have blanks.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
