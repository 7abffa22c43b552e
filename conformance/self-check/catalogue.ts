import type { Contract } from '../contract/contract.ts';
import { acceptedBreaches } from './accepted-breaches.ts';
import type { WrongAnswer } from './wrong-answer.ts';
import { effects } from './effects.ts';
import { errorShapes } from './error-shapes.ts';
import { messages } from './messages.ts';
import { refusals } from './refusals.ts';
import { refusedTransfers } from './refused-transfers.ts';
import { successes } from './successes.ts';

/** Every way in which the answers of a run are corrupted, as far as they give occasion to it. */
export function wrongAnswers(contract: Contract): readonly WrongAnswer[] {
  return [
    ...successes(contract),
    ...refusals(contract),
    ...errorShapes(contract),
    ...acceptedBreaches(contract),
    ...refusedTransfers(contract),
    ...effects(contract),
    ...messages,
  ];
}
