/**
 * Starts one server, one of its variants or one mistake, and prints its address.
 *
 * node serve.ts express [--variant parties-checked] [--token secret]
 * node serve.ts --fault several-workers [--token secret]
 */
import { parseArgs } from 'node:util';
import { faults } from './faults.ts';
import type { CommonOptions, Running } from './hooks.ts';

export const serverNames = ['express', 'fastify', 'koa', 'hono', 'nest'] as const;

type Module = {
  start(options?: CommonOptions): Promise<Running>;
  variants: Record<string, { options: CommonOptions; why: string }>;
};

/** Loads the module of a server. */
export const load = (name: string): Promise<Module> => import(`./servers/${name}.ts`);

/** Starts what the arguments of the command name. */
async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { variant: { type: 'string' }, fault: { type: 'string' }, token: { type: 'string' } },
  });
  const fault = faults.find(({ id }) => id === values.fault);
  if (values.fault && !fault) throw new Error(`There is no mistake ${values.fault}.`);
  const { start, variants } = await load(fault?.server ?? positionals[0] ?? 'express');
  if (values.variant && !variants[values.variant]) throw new Error(`There is no variant ${values.variant}.`);
  const options = fault?.options ?? variants[values.variant ?? '']?.options ?? {};
  const running = await start({ ...options, token: values.token ?? 'token' });
  console.log(running.url);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.close());
}

if (import.meta.main) await main();
