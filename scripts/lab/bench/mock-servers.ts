import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { commandOf } from '../../package/install.ts';
import packages from './packages.json' with { type: 'json' };
import { root } from './processes/run.ts';

/** A mock that runs in a process of its own. */
export interface RunningMock {
  readonly name: string;
  readonly url: string;
  close(): Promise<void>;
}

const contract = join(root, 'generated/openapi.json');
const script = (name: string) => fileURLToPath(new URL(`processes/${name}.ts`, import.meta.url));
const versioned = (name: keyof typeof packages) => `${name} ${packages[name]}`;

/** What the own mock and the one that it is compared with are called. */
export const ownMock = 'npm run mock';
export const stockPrism = versioned('@stoplight/prism-cli');

const mockoonOptions = ['--data', contract, '--hostname', '127.0.0.1', '--disable-log-to-file', '--disable-admin-api'];

/** The command lines that start each mock on a port, without a word for each request. */
function commandLines(installed: string): Readonly<Record<string, (port: string) => readonly string[]>> {
  const prism = () => commandOf(installed, '@stoplight/prism-cli', 'prism');
  const mockoon = () => join(installed, 'node_modules/@mockoon/cli/bin/run.js');
  return {
    [ownMock]: (port) => ['--import', './scripts/require-node.mjs', 'scripts/mock.ts', '--quiet', '--port', port],
    [stockPrism]: (port) => [prism(), 'mock', contract, '--port', port, '--verboseLevel', 'silent'],
    [versioned('@scalar/mock-server')]: (port) => [
      script('scalar-server'),
      port,
      contract,
      join(installed, 'package.json'),
    ],
    [versioned('@mockoon/cli')]: (port) => [mockoon(), 'start', '--port', port, ...mockoonOptions],
    'bare node:http': (port) => [script('bare-server'), port],
  };
}

/** Starts every mock, and waits until each answers. */
export async function startMocks(installed: string): Promise<RunningMock[]> {
  const mocks: RunningMock[] = [];
  try {
    for (const [name, commandLine] of Object.entries(commandLines(installed))) {
      mocks.push(await startMock(name, commandLine));
    }
    return mocks;
  } catch (error) {
    await Promise.all(mocks.map((mock) => mock.close()));
    throw error;
  }
}

async function startMock(name: string, commandLine: (port: string) => readonly string[]): Promise<RunningMock> {
  const port = await freePort();
  const child = spawn(process.execPath, [...commandLine(String(port))], { cwd: root, stdio: 'ignore' });
  const gone = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  await answering(name, url, child).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { name, url, close };
}

async function answering(name: string, url: string, child: ChildProcess): Promise<void> {
  const until = performance.now() + 60_000;
  while (performance.now() < until && child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) return void (await answer.body?.cancel());
    await sleep(100);
  }
  throw new Error(`${name} does not answer: expected it within 60 s.`);
}

/** A port of the loopback interface that nothing listens on at this moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
