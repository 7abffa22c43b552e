import type { Contract } from '../contract/contract.ts';
import { acceptedFaults } from './accepted-faults.ts';
import type { Corruption } from './corruption.ts';
import { effects } from './effects.ts';
import { errorShapes } from './error-shapes.ts';
import { messages } from './messages.ts';
import { refusals } from './refusals.ts';
import { refusedTransfers } from './refused-transfers.ts';
import { successes } from './successes.ts';

/** Every way in which the answers of a run are corrupted, as far as they give occasion to it. */
export function corruptionsOf(contract: Contract): readonly Corruption[] {
  return [
    ...successes(contract),
    ...refusals(contract),
    ...errorShapes(contract),
    ...acceptedFaults(contract),
    ...refusedTransfers(contract),
    ...effects(contract),
    ...messages,
  ];
}
