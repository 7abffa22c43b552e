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
  start(): Promise<AttackedServer>;
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
    start: async () => {
      const behaviour = typeof difference === 'function' ? difference() : difference;
      return { ...(await startPlainServer({ behaviour, tokens: [token] })), ...more };
    },
  };
}
