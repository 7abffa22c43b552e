import type { Exchange, FailureKind } from '../target/exchange.ts';
import { failing, isAcceptedTransfer, isReadCall, isRefusedTransfer } from './answers.ts';
import { family, type Change, type WrongAnswer, type Row } from './wrong-answer.ts';

/** Answers that are no complete HTTP message, as the transport reports them. */
const failures: readonly (readonly [kind: FailureKind, says: string])[] = [
  ['closed', 'The connection is closed before the answer is complete'],
  ['time-out', 'The answer does not end'],
  ['malformed', 'The answer is no HTTP message'],
  ['too large', 'The answer is larger than any that is read'],
  ['encoding', 'The answer is not encoded as it is declared'],
];

const subjects: readonly (readonly [name: string, says: string, isAbout: (exchange: Exchange) => boolean])[] = [
  ['transfers', 'when a transfer is accepted', isAcceptedTransfer],
  ['refusals', 'when a request is refused', isRefusedTransfer],
  ['readings', 'when a call is read', isReadCall],
];

/** Answers that do not arrive. */
export const messages: readonly WrongAnswer[] = subjects.flatMap(([name, when, isAbout]) =>
  family(
    'message',
    `an answer ${when}`,
    isAbout,
    failures.map(([kind, says]): Row<Change> => [
      `${name}-${kind.replace(' ', '-')}`,
      `${says}, ${when}.`,
      failing(kind, says),
    ]),
  ),
);
