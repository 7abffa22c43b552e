import type { FaultyServer } from '../servers/server.ts';
import { InputError } from '../../../conformance/contract/input-error.ts';
import { faultsAmong, subjectsMatching } from '../proof/subjects.ts';

/** The families and names of what wastes time or memory, speaks no HTTP, or leads elsewhere. */
const hostile = /^protocol\/|\/redirect/;

/**
 * The faulty servers of the catalogue that are hostile.
 *
 * @param pattern - What their ids contain, with `*` for anything.
 * @throws InputError if there is none.
 */
export function hostileServers(pattern: string): FaultyServer[] {
  const chosen = faultsAmong(subjectsMatching(pattern)).filter(({ id }) => hostile.test(id));
  if (chosen.length === 0) throw new InputError(`No hostile server has an id with ${pattern}.`);
  return chosen;
}
