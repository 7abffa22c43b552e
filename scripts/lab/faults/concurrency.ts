import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { answering, errorAnswer, pause, rejecting } from '../servers/plain/variations.ts';
import type { Faults } from '../servers/server.ts';

/** The time that a transfer is under way, in milliseconds. */
const overlap = 40;

/** Is wrong the second time, or while another transfer is under way. */
export const concurrency: Faults = {
  'success/status': [
    [
      'effects/every-second-fails',
      'Every second transfer makes the server fail.',
      () => {
        let count = 0;
        return answeringSome(() => ++count % 2 === 0, refuse(500, 'internal_server_error'));
      },
    ],
  ],
  'effects/transfer-again': [
    [
      'narrow/again-on-one-connection-answered-409',
      'A transfer that repeats the request before it on the same connection is answered with 409.',
      () => {
        let last: { readonly socket: unknown; readonly said: string } | undefined;
        return {
          finish: (answer, { request: { socket, method, url }, body }) => {
            const said = `${method} ${url} ${String(body)}`;
            const isRepeated = last?.socket === socket && last.said === said && answer.outcome === 'transferred';
            last = { socket, said };
            return isRepeated ? errorAnswer(409, 'already_transferred') : answer;
          },
        };
      },
    ],
  ],
  'effects/transfers-at-once': [
    [
      'concurrency/busy-answered-409',
      'A transfer that arrives while another is under way is answered with 409 and call_busy.',
      () => answeringSome(isBusy(), refuse(409, 'call_busy')),
    ],
    [
      'concurrency/busy-with-another-number-answered-500',
      'A transfer of a call that is just being sent to another number makes the server fail.',
      () => answeringSome(isBusy(isToAnotherNumber), refuse(500, 'internal_server_error')),
    ],
    [
      'concurrency/one-answer-for-all',
      'Of transfers at once one is made, and answers for all.',
      () => answeringSome(isBusy(), (answer) => answer),
    ],
    [
      'concurrency/checked-before-another-moves',
      'A transfer is refused whose party has left, but of several at once each finds it still there.',
      {
        ...rejecting('transferFromNumber', (from, { calls = [], request }) => {
          const [call, ...more] = request.method === 'PUT' ? calls : [];
          return (
            call !== undefined && more.length === 0 && ![...call.source, ...call.destination].includes(String(from))
          );
        }),
        // Long enough for all of them to arrive on a busy machine.
        transfer: (exchange) => pause(10 * overlap).then(() => documented.transfer(exchange)),
      },
    ],
    [
      'concurrency/table-written-back',
      'A transfer writes back all calls as they were when it began, and undoes what happened since.',
      {
        transfer: async (exchange) => {
          const before = exchange.switchboard.calls.map((call) => [call, call.destination] as const);
          await pause(overlap);
          for (const [call, destination] of before) call.destination = destination;
          await documented.transfer(exchange);
        },
      },
    ],
    [
      'concurrency/answer-about-another-call',
      'A transfer at the same time as another is answered with another call.',
      () => {
        const { transfer, isMeant } = selecting(isBusy(), documented.transfer);
        return {
          transfer,
          showTransferred: (call, exchange) => {
            const another = exchange.switchboard.calls.find(({ id }) => id !== call.id) ?? call;
            return documented.showTransferred(isMeant(exchange) ? another : call, exchange);
          },
        };
      },
    ],
  ],
  'http/json': [
    [
      'concurrency/answers-cut-short',
      'A transfer that arrives while another one is under way is answered with JSON without its end.',
      () => answeringSome(isBusy(), (answer) => ({ ...answer, body: answer.body.slice(0, -1) }), documented.transfer),
    ],
  ],
};

type Condition = (exchange: Exchange) => boolean | Promise<boolean>;

/** Answers transfers that meet a condition in another way. They move nothing unless told otherwise. */
function answeringSome(
  condition: Condition,
  change: (answer: Answer) => Answer,
  transferMeant: Behaviour['transfer'] = () => {},
): Partial<Behaviour> {
  const { transfer, isMeant } = selecting(condition, transferMeant);
  return {
    transfer,
    ...answering('transferred', (answer, exchange) => (isMeant(exchange) ? change(answer) : answer)),
  };
}

function selecting(condition: Condition, transferMeant: Behaviour['transfer']) {
  const meant = new WeakSet<Exchange>();
  const transfer = async (exchange: Exchange) => {
    const isMeant = await condition(exchange);
    if (isMeant) meant.add(exchange);
    await (isMeant ? transferMeant : documented.transfer)(exchange);
  };
  return { transfer, isMeant: (exchange: Exchange) => meant.has(exchange) };
}

function refuse(status: number, code: string): () => Answer {
  return () => errorAnswer(status, code);
}

/** Tells if a transfer arrives while another one is under way that is in conflict with it; one takes a while. */
function isBusy(isInConflict: (own: Exchange, other: Exchange) => boolean = () => true): Condition {
  const underWay = new Set<Exchange>();
  return async (exchange) => {
    if ([...underWay].some((other) => isInConflict(exchange, other))) return true;
    underWay.add(exchange);
    await pause(overlap);
    underWay.delete(exchange);
    return false;
  };
}

function isToAnotherNumber(own: Exchange, other: Exchange): boolean {
  return own.calls?.[0]?.id === other.calls?.[0]?.id && own.action?.['sendCallTo'] !== other.action?.['sendCallTo'];
}
