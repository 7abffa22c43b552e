import type { UnusualServer } from '../servers/server.ts';
import { answers } from './answers.ts';
import { busy } from './busy.ts';
import { proxiedMocks } from './proxied-mocks.ts';
import { orderedChecks } from './orders.ts';
import { refusals } from './refusals.ts';
import { transport } from './transport.ts';

/** Every correct but unusual server. */
export const unusualServers: readonly UnusualServer[] = [
  ...answers,
  ...refusals,
  ...orderedChecks,
  ...transport,
  ...busy,
  ...proxiedMocks,
];
