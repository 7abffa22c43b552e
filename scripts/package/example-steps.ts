import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';

import { installExample } from './example.ts';
import { repositoryFolder } from './places.ts';
import { runCommandIn } from './run-command.ts';
import type { Step } from './step.ts';

const token = 'example';

/** The examples, each installed from the packed package. */
export const exampleSteps: readonly Step[] = [
  {
    name: 'the example fastify-server compiles, and conforms to the contract',
    async run(workplace) {
      const example = await installExample('fastify-server', workplace);
      await runCommandIn(example, ['npm', 'run', '-s', 'typecheck']);
      const server = spawn('node', ['start.ts'], { cwd: example, env: { ...process.env, PORT: '0', TOKEN: token } });
      try {
        const conformance = ['node', join(repositoryFolder, 'scripts', 'conformance.ts')] as const;
        await runCommandIn(repositoryFolder, [...conformance, await addressOf(server)], { CONFORMANCE_TOKEN: token });
      } finally {
        server.kill();
      }
    },
  },
];

/** Waits until a server prints the address that it listens on. */
async function addressOf({ stdout, stderr }: ChildProcess): Promise<string> {
  const said: string[] = [];
  stderr?.on('data', (chunk: Buffer) => said.push(String(chunk)));
  if (stdout === null) throw new Error('the server cannot be listened to');
  const [line] = (await once(stdout, 'data', { signal: AbortSignal.timeout(30_000) }).catch(() => [''])) as unknown[];
  const address = /http:\/\/\S+/.exec(String(line))?.[0];
  if (address === undefined) throw new Error(`the server does not start: ${said.join('')}`);
  return address;
}
