import type { Behaviour } from '../servers/plain/behaviour.ts';
import { startPlainServer } from '../servers/plain/start.ts';
import type { FaultyServer } from '../servers/server.ts';

/** The behaviour that differs; a function if it has state, so that each server starts with its own. */
type Difference = Partial<Behaviour> | (() => Partial<Behaviour>);

/** A plain server that differs from the documentation in one thing. */
export type FaultRow = readonly [id: string, requirement: string, says: string, difference: Difference];

/** Makes the faulty server of a row. */
export function makeFault([id, requirement, says, difference]: FaultRow): FaultyServer {
  const start = () => startPlainServer({ behaviour: typeof difference === 'function' ? difference() : difference });
  return { id, requirement, says, start };
}

/** Writes a code as a part of an id. */
export function hyphened(code: string): string {
  return code.replaceAll('_', '-');
}
