import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { answering, errorAnswer, pause } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

/** The time that a transfer is under way, in milliseconds. */
const overlap = 40;

type Conflict = (own: Exchange, other: Exchange) => boolean;

/** Servers that are wrong when a transfer arrives while a certain other one is under way. */
export const crowds: readonly FaultyServer[] = [
  fault(
    'concurrency/busy-with-another-number-answered-409',
    'effects/transfers-at-once',
    'A transfer of a call that is just being sent to another number is answered with 409 and call_busy.',
    () => refusing(isToAnotherNumber, errorAnswer(409, 'call_busy')),
  ),
  fault(
    'concurrency/busy-with-another-call-answered-400',
    'effects/transfers-at-once',
    'A transfer that arrives while that of another call is under way is answered with 400 and pc_phoncall_invalid.',
    () => refusing(isOfAnotherCall, errorAnswer(400, 'pc_phoncall_invalid')),
  ),
  fault(
    'concurrency/answers-cut-short',
    'http/json',
    'A transfer that arrives while another one is under way is answered with JSON without its end.',
    () => {
      const { transfer, isInConflict } = inCrowd(() => true, documented.transfer);
      return {
        transfer,
        ...answering('transferred', (answer, exchange) =>
          isInConflict(exchange) ? { ...answer, body: answer.body.slice(0, -1) } : answer,
        ),
      };
    },
  ),
];

function refusing(conflict: Conflict, refusal: Answer): Partial<Behaviour> {
  const { transfer, isInConflict } = inCrowd(conflict, () => {});
  return {
    transfer,
    ...answering('transferred', (answer, exchange) => (isInConflict(exchange) ? refusal : answer)),
  };
}

/** Transfers calls; those that are in conflict with one under way are transferred in another way. */
function inCrowd(conflict: Conflict, otherwise: Behaviour['transfer']) {
  const underWay = new Set<Exchange>();
  const inConflict = new WeakSet<Exchange>();
  const transfer = async (exchange: Exchange) => {
    if ([...underWay].some((other) => conflict(exchange, other))) {
      inConflict.add(exchange);
      return otherwise(exchange);
    }
    underWay.add(exchange);
    await pause(overlap);
    underWay.delete(exchange);
    return documented.transfer(exchange);
  };
  return { transfer, isInConflict: (exchange: Exchange) => inConflict.has(exchange) };
}

function isOfAnotherCall(own: Exchange, other: Exchange): boolean {
  return own.calls?.[0]?.id !== other.calls?.[0]?.id;
}

function isToAnotherNumber(own: Exchange, other: Exchange): boolean {
  return !isOfAnotherCall(own, other) && own.action?.['sendCallTo'] !== other.action?.['sendCallTo'];
}
