import type { Server } from 'node:http';
import type { RunningServer } from '../../../conformance/mock/listener.ts';
import type { Behaviour } from '../servers/plain/behaviour.ts';
import { startPlainServer } from '../servers/plain/start.ts';

/** The token of every attacked run. */
export const token = 'eyJhbGciOi/IUzI1NiJ9+c2VjcmV0&<Zq';

/** A server, or a setting, that tries to waste time and memory, to leak secrets, or to have a right server blamed. */
export interface Attack {
  /** Family and name, unique among the attacks. */
  readonly id: string;
  /** The exit codes that a run may end with. */
  readonly ends: readonly number[];
  /** @param configure - Changes the listener before it listens. */
  start(configure?: (server: Server) => void): Promise<AttackedServer>;
}

/** A running server, and what the run is given besides its URL. */
export interface AttackedServer extends RunningServer {
  /** The words of the command line behind the URL. */
  readonly options?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Secrets besides the token that nothing may show. */
  readonly secrets?: readonly string[];
  /** Resolves when Ctrl-C is to be sent. */
  readonly interrupted?: Promise<void>;
}

/** An attack by a plain server that differs in its behaviour: its id, the exit codes, the difference, and secrets. */
export type AttackRow = readonly [
  id: string,
  ends: readonly number[],
  difference: Partial<Behaviour> | (() => Partial<Behaviour>),
  secrets?: readonly string[],
];

/** Makes the attack of a row. */
export function makeAttack([id, ends, difference, secrets = []]: AttackRow): Attack {
  const start: Attack['start'] = async (configure) => {
    const behaviour = typeof difference === 'function' ? difference() : difference;
    const server = await startPlainServer({ behaviour, tokens: [token], ...(configure && { configure }) });
    return { ...server, secrets };
  };
  return { id, ends, start };
}

/** Makes an attack of another one, in which Ctrl-C is pressed soon after some requests came. */
export function makeInterrupted({ id, start }: Attack, requests: number): Attack {
  const startCounting: Attack['start'] = async () => {
    const { promise: interrupted, resolve } = Promise.withResolvers<void>();
    let count = 0;
    const configure = (server: Server) => {
      server.prependListener('request', () => {
        if (++count === requests) setTimeout(resolve, 50);
      });
    };
    return { ...(await start(configure)), interrupted };
  };
  return { id: `interrupt/${id.replaceAll('/', '-')}`, ends: [1, 3], start: startCounting };
}
