import type { Contract } from '../contract/contract.ts';
import type { Exchange, TransportFailure } from '../target/exchange.ts';
import { acceptedBreaches } from './accepted-breaches.ts';
import { effects } from './effects.ts';
import { errorShapes, refusals } from './refusals.ts';
import { successes } from './successes.ts';
import { mistakenForms } from './transfer-forms.ts';
import {
  failing,
  family,
  isAcceptedTransfer,
  isReadCall,
  isRefusedTransfer,
  type Change,
  type Row,
  type WrongAnswer,
} from './wrong-answer.ts';

/** Returns the whole catalogue: wrong responses, wrong effects, and answers that do not arrive. */
export function wrongAnswers(contract: Contract): readonly WrongAnswer[] {
  return [...wrongResponses(contract), ...effects(contract), ...incompleteMessages];
}

/** Returns the wrong answers that change nothing but complete responses, so that a proxy can give them too. */
export function wrongResponses(contract: Contract): readonly WrongAnswer[] {
  return [
    ...successes(contract),
    ...refusals(contract),
    ...errorShapes(contract),
    ...acceptedBreaches(contract),
    ...mistakenForms(contract),
  ];
}

const failures: readonly (readonly [kind: TransportFailure['kind'], says: string])[] = [
  ['closed', 'The connection is closed before the answer is complete'],
  ['time-out', 'The answer does not end'],
  ['malformed', 'The answer is not HTTP'],
  ['too large', 'The answer is larger than the suite reads'],
  ['encoding', 'The answer is not encoded as it is declared'],
];

const subjects: readonly (readonly [name: string, says: string, concerns: (exchange: Exchange) => boolean])[] = [
  ['transfers', 'when a transfer is accepted', isAcceptedTransfer],
  ['refusals', 'when a request is refused', isRefusedTransfer],
  ['readings', 'when a call is read', isReadCall],
];

const incompleteMessages: readonly WrongAnswer[] = subjects.flatMap(([name, when, concerns]) =>
  family(
    'message',
    `an answer ${when}`,
    concerns,
    failures.map(([kind, says]): Row<Change> => [
      `${name}-${kind.replace(' ', '-')}`,
      `${says}, ${when}.`,
      failing(kind, says),
    ]),
  ),
);
