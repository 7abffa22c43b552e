import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { answering, errorAnswer, pause, rejecting } from '../servers/plain/variations.ts';
import type { FaultRow } from '../servers/server.ts';

/** The time that a transfer is under way, in milliseconds. */
const overlap = 40;

/** Is wrong the second time, or while another transfer is under way. */
export const concurrency: readonly FaultRow[] = [
  [
    'effects/again-answered-409-already-transferred',
    'effects/transfer-again',
    'The same transfer sent twice is answered with 409 and already_transferred the second time.',
    () => refusingSome(isRepetition(), errorAnswer(409, 'already_transferred')),
  ],
  [
    'effects/every-second-fails',
    'success/status',
    'Every second transfer makes the server fail.',
    () => {
      let count = 0;
      return refusingSome(() => ++count % 2 === 0, errorAnswer(500, 'internal_server_error'));
    },
  ],
  [
    'narrow/again-on-one-connection-answered-409',
    'effects/transfer-again',
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
  [
    'concurrency/busy-answered-409',
    'effects/transfers-at-once',
    'A transfer that arrives while another is under way is answered with 409 and call_busy.',
    () => refusingSome(isBusy(), errorAnswer(409, 'call_busy')),
  ],
  [
    'concurrency/busy-with-another-number-answered-409',
    'effects/transfers-at-once',
    'A transfer of a call that is just being sent to another number is answered with 409 and call_busy.',
    () => refusingSome(isBusy(isToAnotherNumber), errorAnswer(409, 'call_busy')),
  ],
  [
    'concurrency/busy-with-another-call-answered-400',
    'effects/transfers-at-once',
    'A transfer that arrives while that of another call is under way is answered with 400 and pc_phoncall_invalid.',
    () => refusingSome(isBusy(isOfAnotherCall), errorAnswer(400, 'pc_phoncall_invalid')),
  ],
  [
    'concurrency/answers-cut-short',
    'http/json',
    'A transfer that arrives while another one is under way is answered with JSON without its end.',
    () => {
      const { transfer, isLeftOut } = leavingOut(isBusy(), documented.transfer);
      const cut = (answer: Answer) => ({ ...answer, body: answer.body.slice(0, -1) });
      return {
        transfer,
        ...answering('transferred', (answer, exchange) => (isLeftOut(exchange) ? cut(answer) : answer)),
      };
    },
  ],
  [
    'concurrency/checked-before-another-moves',
    'effects/transfers-at-once',
    'A transfer is refused whose party has left, but of several at once each finds it still there.',
    {
      ...rejecting('transferFromNumber', (from, { calls = [], request }) => {
        const [call, ...more] = request.method === 'PUT' ? calls : [];
        return call !== undefined && more.length === 0 && ![...call.source, ...call.destination].includes(String(from));
      }),
      // Long enough for all of them to arrive on a busy machine.
      transfer: (exchange) => pause(10 * overlap).then(() => documented.transfer(exchange)),
    },
  ],
  [
    'concurrency/none-takes-effect',
    'effects/transfers-at-once',
    'Of transfers at once none takes effect.',
    () => whileOthers(() => {}),
  ],
  [
    'concurrency/table-written-back',
    'effects/transfers-at-once',
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
    'concurrency/number-of-none',
    'effects/transfers-at-once',
    'Transfers at once leave the call at a number that none of them named.',
    () =>
      whileOthers(({ calls = [], action }) => {
        for (const call of calls) call.destination = [`${call.destination[0]}${action?.['sendCallTo']}`];
      }),
  ],
  [
    'concurrency/answer-about-another-call',
    'effects/transfers-at-once',
    'A transfer at the same time as another is answered with another call.',
    () => {
      const concurrent = new WeakSet<Exchange>();
      return {
        ...whileOthers((exchange) => {
          concurrent.add(exchange);
          return documented.transfer(exchange);
        }),
        showTransferred: (call, exchange) => {
          const another = exchange.switchboard.calls.find(({ id }) => id !== call.id) ?? call;
          return documented.showTransferred(concurrent.has(exchange) ? another : call, exchange);
        },
      };
    },
  ],
  [
    'concurrency/dropped',
    'effects/transfers-at-once',
    'Of transfers at once all but one lose their connection.',
    () => {
      const { transfer, isLeftOut } = leavingOut(isBusy());
      const drop = ({ request }: Exchange) => void request.socket.destroy();
      return {
        transfer,
        send: (answer, exchange) => (isLeftOut(exchange) ? drop(exchange) : documented.send(answer, exchange)),
      };
    },
  ],
  [
    'concurrency/one-answer-for-all',
    'effects/transfers-at-once',
    'Of transfers at once one is made, and answers for all.',
    () => ({ transfer: leavingOut(isBusy()).transfer }),
  ],
];

type Condition = (exchange: Exchange) => boolean | Promise<boolean>;

function refusingSome(isRefused: Condition, answer: Answer): Partial<Behaviour> {
  const { transfer, isLeftOut } = leavingOut(isRefused);
  return { transfer, ...answering('transferred', (usual, exchange) => (isLeftOut(exchange) ? answer : usual)) };
}

/** Transfers calls, but not where a condition holds. */
function leavingOut(isRefused: Condition, otherwise: Behaviour['transfer'] = () => {}) {
  const leftOut = new WeakSet<Exchange>();
  const transfer = async (exchange: Exchange) => {
    const isLeftOut = await isRefused(exchange);
    if (isLeftOut) leftOut.add(exchange);
    await (isLeftOut ? otherwise : documented.transfer)(exchange);
  };
  return { transfer, isLeftOut: (exchange: Exchange) => leftOut.has(exchange) };
}

function isRepetition(): Condition {
  const last = new Map<string, string>();
  return ({ calls = [], body }) => {
    const id = String(calls[0]?.id);
    const isSame = last.get(id) === String(body);
    last.set(id, String(body));
    return isSame;
  };
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

function isOfAnotherCall(own: Exchange, other: Exchange): boolean {
  return own.calls?.[0]?.id !== other.calls?.[0]?.id;
}

function isToAnotherNumber(own: Exchange, other: Exchange): boolean {
  return !isOfAnotherCall(own, other) && own.action?.['sendCallTo'] !== other.action?.['sendCallTo'];
}

function whileOthers(transfer: Behaviour['transfer']): Partial<Behaviour> {
  let started = 0;
  let underWay = 0;
  return {
    transfer: async (exchange) => {
      const others = underWay++;
      const order = ++started;
      await pause(overlap);
      underWay--;
      const isAlone = others === 0 && order === started;
      await (isAlone ? documented.transfer(exchange) : transfer(exchange));
    },
  };
}
