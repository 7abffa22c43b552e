import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createTransferClient } from '../../../generated/client/index.ts';
import { InputError } from '../../../conformance/contract/input-error.ts';
import { commandOf, installInto, repositoryFolder as root } from '../../package/install.ts';
import type { Comparison } from './ratio.ts';

/** The arguments of every part. */
export interface Context {
  /** A folder to install into, which the next run may find as it was left. */
  readonly folder: string;
  /** Another checkout of the repository, with its packages installed. */
  readonly against: string | undefined;
  /** The URL of a correct server that answers at once. */
  readonly url: string;
  /** Ends what a part has started, when all is measured. */
  readonly ending: AsyncDisposableStack;
}

/** The parts of the benchmark, each with the comparisons that it makes. */
export const parts: Readonly<Record<string, (context: Context) => Promise<readonly Comparison[]>>> = {
  start: compareStart,
  fuzz: compareFuzz,
  tests: compareTests,
  mock: compareMocks,
  client: compareClient,
};

const throughRequireNode = ['--import', './scripts/require-node.mjs'];

/**
 * Runs a script on this Node.js to its end, and resolves with its output and the milliseconds that it took.
 *
 * @throws Error with its output, if its exit code is not 0.
 */
async function runScript(words: readonly string[], cwd: string = root) {
  // A command within npm run would otherwise be run in the folder of this one.
  const variables = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  const env = { ...Object.fromEntries(variables), NO_COLOR: '1', CI: '1' };
  const started = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd, env, maxBuffer: 2 ** 26 });
  return { stdout, wall: performance.now() - started };
}

async function timeScript(words: readonly string[], folder?: string): Promise<number> {
  return (await runScript(words, folder)).wall;
}

function timeSuite(folder: string, url: string, ...flags: readonly string[]): Promise<number> {
  const words = ['scripts/conformance.ts', url, '--no-config', '--token', 'token', ...flags];
  return timeScript([...throughRequireNode, ...words], folder);
}

/** Compares a whole run of the suite with vitest alone. */
async function compareStart({ folder, url }: Context): Promise<readonly Comparison[]> {
  writeFileSync(join(folder, 'empty.test.js'), "test('nothing', () => {});\n");
  const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--globals', '--root', folder];
  return [
    {
      says: 'start: npm run conformance to vitest run of one empty test, wall time',
      unit: 'ms',
      atMost: 3,
      measure: () => timeSuite(root, url),
      measureOther: () => timeScript(vitest),
    },
  ];
}

/** Compares generated values with those of another checkout, which sends as many requests. */
async function compareFuzz({ url, against }: Context): Promise<readonly Comparison[]> {
  const flags = ['--fuzz', '1000', '--only', 'fuzz', '--seed', '1'];
  const other = namedCheckout(against);
  return [
    {
      says: 'fuzz: --fuzz 1000 to the same in the other checkout, wall time',
      unit: 'ms',
      atMost: 1,
      measure: () => timeSuite(root, url, ...flags),
      measureOther: () => timeSuite(other, url, ...flags),
    },
  ];
}

/** Compares `npm test` with that of another checkout. */
async function compareTests({ against }: Context): Promise<readonly Comparison[]> {
  const npm = process.env.npm_execpath;
  if (npm === undefined) throw new InputError('npm is not known here: run this as npm run lab -- bench.');
  const other = namedCheckout(against);
  return [
    {
      says: 'tests: npm test to npm test in the other checkout, wall time',
      unit: 'ms',
      atMost: 0.5,
      measure: () => timeScript([npm, 'test'], root),
      measureOther: () => timeScript([npm, 'test'], other),
    },
  ];
}

function namedCheckout(against: string | undefined): string {
  if (against === undefined) throw new InputError('Another checkout to compare with is missing: name it by --against.');
  return against;
}

/** The bodies that are sent; autocannon puts another value in place of `[<id>]` each time. */
const transfer = { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' };
const kinds = {
  'valid requests': { body: transfer, status: 200 },
  'invalid requests': { body: { ...transfer, transferFromNumber: 'none' }, status: 400 },
  'valid requests, new each time': { body: { ...transfer, note: '[<id>]' }, status: 200 },
  'invalid requests, new each time': { body: { ...transfer, transferFromNumber: '[<id>]' }, status: 400 },
};

/** Compares the processor time of the mock and of stock Prism per request. */
async function compareMocks({ folder, ending }: Context): Promise<readonly Comparison[]> {
  await installInto(folder, { autocannon: '9.0.0' });
  const prism = [commandOf(root, '@stoplight/prism-cli', 'prism'), 'mock', join(root, 'generated/openapi.json')];
  const [own, stock] = await Promise.all([
    startMock([...throughRequireNode, 'scripts/mock.ts', '--quiet'], ending),
    startMock([...prism, '--verboseLevel', 'silent'], ending),
  ]);
  return Object.entries(kinds).map(([kind, { body, status }]) => ({
    says: `mock: npm run mock to npm run mock -- --stock, ${kind}, processor time per request`,
    unit: 'µs',
    atMost: 0.67,
    measure: () => putLoad(folder, own, body, status),
    measureOther: () => putLoad(folder, stock, body, status),
  }));
}

/** Sends transfers over 16 connections for a second. */
async function putLoad(folder: string, { url, cpu }: Started, body: object, status: number): Promise<number> {
  const before = cpu();
  const flags = '--json --connections 16 --duration 1 --method PUT --idReplacement'.split(' ');
  const headers = ['authorization: Bearer any-token', 'content-type: application/json'];
  const { stdout } = await runScript([
    commandOf(folder, 'autocannon', 'autocannon'),
    ...flags,
    ...headers.flatMap((header) => ['--headers', header]),
    '--body',
    JSON.stringify(body),
    `${url}/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333`,
  ]);
  const { requests, statusCodeStats } = JSON.parse(stdout) as { requests: { total: number }; statusCodeStats: object };
  const came = Object.keys(statusCodeStats).join(', ');
  if (came !== String(status)) throw new Error(`${url}: expected ${status} to ${JSON.stringify(body)}, got ${came}.`);
  return ((cpu() - before) / requests.total) * 1000;
}

interface Started {
  readonly url: string;
  /** Returns the milliseconds of processor time that the mock has taken; not a number except on Linux. */
  cpu(): number;
}

/** Starts a mock in another process on a free port, and waits for its first answer. */
async function startMock(words: readonly string[], ending: AsyncDisposableStack): Promise<Started> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await once(probe.close(), 'close');
  const child = spawn(process.execPath, [...words, '--port', String(port)], { cwd: root, stdio: 'ignore' });
  ending.defer(() => void child.kill());
  const url = `http://127.0.0.1:${port}`;
  for (const until = performance.now() + 60_000; performance.now() < until; await sleep(100)) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) return { url, cpu: () => readCpu(child.pid) };
  }
  throw new Error(`${words.join(' ')} does not answer: expected it within 60 s.`);
}

function readCpu(pid: number | undefined): number {
  if (process.platform !== 'linux') return Number.NaN;
  // The 14th and 15th fields, in hundredths of a second, of which the second, in parentheses, may have blanks.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Compares the processor time of a transfer by the client with that of fetch alone. */
async function compareClient({ url }: Context): Promise<readonly Comparison[]> {
  const path = { userId: '12', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
  const parties = { sendCallTo: '3235742879', transferFromNumber: '0003*024' };
  const client = createTransferClient({ baseUrl: url, token: 'token' });
  const transferByFetch = async () => {
    const response = await fetch(`${url}/uapi/phoneCalls/${Object.values(path).join('/')}`, {
      method: 'PUT',
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      body: JSON.stringify({ action: 'Transfer', ...parties }),
    });
    await response.json();
    return response.ok;
  };
  return [
    {
      says: 'client: a transfer by the client to one by fetch, processor time',
      unit: 'µs',
      atMost: 1.3,
      measure: () => measureCalls(async () => (await client.transferPhoneCall({ ...path, ...parties })).ok),
      measureOther: () => measureCalls(transferByFetch),
    },
  ];
}

/** Makes 1,000 calls one after the other, and resolves with the time of all threads for one, in microseconds. */
async function measureCalls(call: () => Promise<boolean>): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < 1000; count++) {
    if (!(await call())) throw new Error('A transfer to the plain server was not answered with a success.');
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
