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
  readonly says: string;
  /** The exit codes that a run may end with. */
  readonly ends: readonly number[];
  /** @param configure - Changes the listener before it listens. */
  start(configure?: (server: Server) => void): Promise<AttackedServer>;
  /** True if `--check` runs it. */
  readonly isChecked?: true;
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

/** An attack by a plain server that differs in its behaviour: its id, its sentence, the exit codes, and the difference. */
export type AttackRow = readonly [
  id: string,
  says: string,
  ends: readonly number[],
  difference: Partial<Behaviour> | (() => Partial<Behaviour>),
  more?: Omit<AttackedServer, 'url' | 'close'> & Pick<Attack, 'isChecked'>,
];

/** Makes the attack of a row. */
export function makeAttack([id, says, ends, difference, { isChecked, ...more } = {}]: AttackRow): Attack {
  return {
    id,
    says,
    ends,
    ...(isChecked && { isChecked }),
    start: async (configure) => {
      const behaviour = typeof difference === 'function' ? difference() : difference;
      return { ...(await startPlainServer({ behaviour, tokens: [token], ...(configure && { configure }) })), ...more };
    },
  };
}

/** Makes an attack of another one, in which Ctrl-C is pressed soon after some requests came. */
export function makeInterrupted({ id, says, start }: Attack, requests: number): Attack {
  return {
    id: `interrupt/${id.replaceAll('/', '-')}`,
    says: `${says} After ${requests} requests Ctrl-C is pressed.`,
    ends: [1, 3],
    start: async () => {
      const { promise: interrupted, resolve } = Promise.withResolvers<void>();
      let count = 0;
      const configure = (server: Server) => {
        server.prependListener('request', () => {
          if (++count === requests) setTimeout(resolve, 50);
        });
      };
      return { ...(await start(configure)), interrupted };
    },
  };
}
