import type { Server } from 'node:http';
import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { errorAnswer } from '../servers/plain/variations.ts';
import { brokenMessages } from '../faults/protocol.ts';
import { startPlainServer } from '../servers/plain/start.ts';
import { makeAttack, token, type Attack, type AttackRow } from './attack.ts';

/** Sends a piece as fast as the connection takes it. */
function flood(piece: string): Behaviour['send'] {
  return (_answer, { request: { socket } }) => {
    const more = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', more);
    more();
  };
}

/** Servers that never come to an end, whatever they are asked. */
const endless: readonly AttackRow[] = [
  ...brokenMessages
    .filter(([name]) => /^(?:never-sent|only-continue|headers-never-end|body-)/.test(name))
    .map(([name, , send]): AttackRow => [`time/${name}`, [1], { send }]),
  ['time/flood-of-103', [1], { send: flood('HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n') }],
  [
    'time/chunks-of-a-byte',
    [1],
    {
      send: (_answer, { request }) =>
        void request.socket.write(
          `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(1e5)}0\r\n\r\n`,
        ),
    },
  ],
  ['time/flood-of-headers', [1], { send: flood(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1000)}`) }],
  [
    'time/two-of-three',
    [1],
    () => {
      let count = 0;
      return { send: (...args) => (count++ % 3 === 0 ? documented.send(...args) : undefined) };
    },
  ],
  [
    'time/gets-only',
    [0, 1, 3],
    { send: (answer, exchange) => (exchange.request.method === 'GET' ? undefined : documented.send(answer, exchange)) },
  ],
];

/** Has a server that is right refuse requests for a while, each by its number, before they take effect. */
function refusingSome(isChosen: (number: number) => boolean, refusal: Partial<Answer>): () => Partial<Behaviour> {
  return () => {
    let count = 0;
    const decided = new WeakMap<object, boolean>();
    const isRefused = ({ request }: Exchange) => {
      const decision = decided.get(request) ?? isChosen(++count);
      decided.set(request, decision);
      return decision;
    };
    return {
      transfer: (exchange) => (isRefused(exchange) ? undefined : documented.transfer(exchange)),
      finish: (answer, exchange) => (isRefused(exchange) ? { ...answer, ...refusal } : answer),
    };
  };
}

const tooMany = {
  ...errorAnswer(429, 'too_many'),
  headers: { 'content-type': 'application/json', 'retry-after': '60' },
};
const unavailable = errorAnswer(503, 'unavailable');

/** Servers that are right, and have no time, or no use for the token any more: none may be blamed. */
const busy: readonly AttackRow[] = [
  ...[150, 360, 420, 480].map((most): AttackRow => {
    return [`busy/limit-of-${most}`, [0, 3], refusingSome((number) => number > most, tooMany)];
  }),
  ...[401, 403].map((status): AttackRow => {
    const refusal = errorAnswer(status, 'access_denied');
    return [`busy/token-expires-${status}`, [0, 3], refusingSome((number) => number > 400, refusal)];
  }),
  [
    'busy/reading-of-a-moved-call',
    [0, 3],
    () => {
      let hasMoved = false;
      return {
        transfer: (exchange) => {
          hasMoved = true;
          return documented.transfer(exchange);
        },
        finish: (answer, { request }) =>
          hasMoved && request.method === 'GET' ? { ...answer, ...unavailable } : answer,
      };
    },
  ],
  ['busy/every-fifth', [0, 3], refusingSome((number) => number % 5 === 0, unavailable)],
];

/** A right server that says 408 on a connection that was idle, as a request comes, and reads nothing more there. */
function closingIdle(idle: number): Attack {
  const timeout = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';
  const configure = (server: Server) => {
    server.on('connection', (socket) => {
      let timer: NodeJS.Timeout | undefined;
      const write = socket.write.bind(socket);
      socket.write = ((...args: Parameters<typeof write>) => {
        clearTimeout(timer);
        timer = setTimeout(() => socket.end(timeout, () => socket.destroy()), idle);
        return write(...args);
      }) as typeof socket.write;
      socket.on('data', () => clearTimeout(timer)).on('close', () => clearTimeout(timer));
    });
  };
  return { id: `busy/idle-for-${idle}-ms`, ends: [0], start: () => startPlainServer({ tokens: [token], configure }) };
}

/** Attacks by when answers come. */
export const timeAttacks: readonly Attack[] = [...[...endless, ...busy].map(makeAttack), ...[5, 20].map(closingIdle)];
