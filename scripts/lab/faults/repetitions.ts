import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { answering, errorAnswer, pause } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

const answersToBusy: readonly (readonly [status: number, code: string])[] = [
  [409, 'call_busy'],
  [500, 'internal_server_error'],
  [502, 'bad_gateway'],
];

const answersToAgain: readonly (readonly [status: number, code: string])[] = [
  [400, 'pc_sendcallto_invalid'],
  [404, 'pc_phoncall_invalid'],
  [409, 'already_transferred'],
  [500, 'internal_server_error'],
];

const overlap = 40;

/** Servers that are wrong the second time, or while another transfer is under way. */
export const repetitions: readonly FaultyServer[] = [
  ...answersToAgain.map(([status, code]) =>
    fault(
      `effects/again-answered-${status}-${code.replaceAll('_', '-')}`,
      'effects/transfer-again',
      `The same transfer sent twice is answered with ${status} and ${code} the second time.`,
      () => refusingSome(isRepetition(), errorAnswer(status, code)),
    ),
  ),
  fault('effects/every-second-fails', 'success/status', 'Every second transfer makes the server fail.', () => {
    let count = 0;
    return refusingSome(() => ++count % 2 === 0, errorAnswer(500, 'internal_server_error'));
  }),
  fault('effects/third-fails', 'success/status', 'From the third transfer on the server fails.', () => {
    let count = 0;
    return refusingSome(() => ++count > 2, errorAnswer(500, 'internal_server_error'));
  }),
  ...answersToBusy.map(([status, code]) =>
    fault(
      `concurrency/busy-answered-${status}`,
      'effects/transfers-at-once',
      `A transfer that arrives while another is under way is answered with ${status} and ${code}.`,
      () => refusingSome(isBusy(), errorAnswer(status, code)),
    ),
  ),
  fault('concurrency/none-takes-effect', 'effects/transfers-at-once', 'Of transfers at once none takes effect.', () =>
    whileOthers(() => {}),
  ),
  fault(
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
  ),
  fault(
    'concurrency/number-of-none',
    'effects/transfers-at-once',
    'Transfers at once leave the call at a number that none of them named.',
    () =>
      whileOthers(({ calls = [], action }) => {
        for (const call of calls) call.destination = [`${call.destination[0]}${action?.['sendCallTo']}`];
      }),
  ),
  fault(
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
  ),
  fault('concurrency/never-answered', 'effects/transfers-at-once', 'Of transfers at once only one is answered.', () =>
    sendingSome(isBusy(), () => {}),
  ),
  fault(
    'concurrency/dropped',
    'effects/transfers-at-once',
    'Of transfers at once all but one lose their connection.',
    () => sendingSome(isBusy(), ({ request }) => void request.socket.destroy()),
  ),
  fault(
    'concurrency/one-answer-for-all',
    'effects/transfers-at-once',
    'Of transfers at once one is made, and answers for all.',
    () => {
      const isRefused = isBusy();
      return {
        transfer: async (exchange) => {
          if (!(await isRefused())) await documented.transfer(exchange);
        },
      };
    },
  ),
];

type Condition = (exchange: Exchange) => boolean | Promise<boolean>;

function refusingSome(isRefused: Condition, answer: Answer): Partial<Behaviour> {
  const { transfer, isLeftOut } = leavingOut(isRefused);
  return {
    transfer,
    ...answering('transferred', (documentedAnswer, exchange) => (isLeftOut(exchange) ? answer : documentedAnswer)),
  };
}

function sendingSome(isRefused: Condition, send: (exchange: Exchange) => void): Partial<Behaviour> {
  const { transfer, isLeftOut } = leavingOut(isRefused);
  return {
    transfer,
    send: (answer, exchange) => (isLeftOut(exchange) ? send(exchange) : documented.send(answer, exchange)),
  };
}

function leavingOut(isRefused: Condition) {
  const leftOut = new WeakSet<Exchange>();
  const transfer = async (exchange: Exchange) => {
    if (await isRefused(exchange)) leftOut.add(exchange);
    else await documented.transfer(exchange);
  };
  return { transfer, isLeftOut: (exchange: Exchange) => leftOut.has(exchange) };
}

function isRepetition(): (exchange: Exchange) => boolean {
  const last = new Map<string, string>();
  return ({ calls = [], body }) => {
    const id = String(calls[0]?.id);
    const isSame = last.get(id) === String(body);
    last.set(id, String(body));
    return isSame;
  };
}

function isBusy(): () => Promise<boolean> {
  let busy = false;
  return async () => {
    if (busy) return true;
    busy = true;
    await pause(overlap);
    busy = false;
    return false;
  };
}

function whileOthers(transfer: (exchange: Exchange) => void | Promise<void>): Partial<Behaviour> {
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
