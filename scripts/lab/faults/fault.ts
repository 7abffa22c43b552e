import type { Behaviour, Exchange, Reason } from '../servers/plain/behaviour.ts';
import { startPlainServer } from '../servers/plain/start.ts';
import { refusing, succeeding } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';

/** How a faulty server differs; a function where the difference has a memory, which each server starts anew. */
export type Difference = Partial<Behaviour> | (() => Partial<Behaviour>);

/** A plain server that differs from the documentation in one thing. */
export function fault(id: string, requirement: string, says: string, difference: Difference): FaultyServer {
  const start = () => startPlainServer({ behaviour: typeof difference === 'function' ? difference() : difference });
  return { id, requirement, says, start };
}

/** Answers a success, and moves nothing, where the documented server refuses. */
export function forgiving(reason: Reason, where: (exchange: Exchange) => boolean): Partial<Behaviour> {
  return refusing(reason, (answer, exchange) => {
    const call = exchange.switchboard.calls[0];
    if (!call || exchange.request.method !== 'PUT' || !where(exchange)) return answer;
    return succeeding(exchange.calls?.[0] ?? call, exchange);
  });
}
