import { spawn } from 'node:child_process';
import process from 'node:process';

import { addressOf } from './address-of.ts';
import { installExample } from './example.ts';
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
        const conformance = ['npx', 'transfer-conformance', await addressOf(server)] as const;
        await runCommandIn(example, conformance, { CONFORMANCE_TOKEN: token });
      } finally {
        server.kill();
      }
    },
  },
  {
    name: 'the example vitest-project tests its own code against the mock',
    async run(workplace) {
      const example = await installExample('vitest-project', workplace);
      await runCommandIn(example, ['npm', 'test']);
    },
  },
];
