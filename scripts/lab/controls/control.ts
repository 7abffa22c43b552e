import type { Behaviour } from '../servers/plain/behaviour.ts';
import { startPlainServer, type PlainServerOptions } from '../servers/plain/start.ts';
import type { UnusualServer } from '../servers/server.ts';

/** The options of an unusual server, apart from its behaviour. */
export interface ControlOptions extends Omit<PlainServerOptions, 'behaviour'> {
  /** The requirements of level SHOULD that it breaks. */
  readonly warns?: readonly string[];
}

/** Describes a plain server that is unusual in one thing, and right. */
export function control(
  id: string,
  says: string,
  behaviour: Partial<Behaviour> | (() => Partial<Behaviour>),
  { warns, ...options }: ControlOptions = {},
): UnusualServer {
  const start = () =>
    startPlainServer({ ...options, behaviour: typeof behaviour === 'function' ? behaviour() : behaviour });
  return { id, says, implementation: 'plain', ...(warns && { warns }), start };
}
