import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from 'node:http';
import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { errorAnswer } from '../servers/plain/variations.ts';
import { brokenMessages } from '../faults/protocol.ts';
import { faults } from '../faults/catalogue.ts';
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
    .map(([name, says, send]): AttackRow => [`time/${name}`, `Every answer ${says}.`, [1], { send }]),
  [
    'time/flood-of-103',
    'Interim responses never end.',
    [1],
    { send: flood('HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n') },
  ],
  ['time/flood-of-100', '100 Continue never ends.', [1], { send: flood('HTTP/1.1 100 Continue\r\n\r\n') }],
  ['time/flood-of-headers', 'A header never ends.', [1], { send: flood(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(1000)}`) }],
  [
    'time/two-of-three',
    'Two of three requests are never answered.',
    [1],
    () => {
      let count = 0;
      return { send: (...args) => (count++ % 3 === 0 ? documented.send(...args) : undefined) };
    },
  ],
  [
    'time/gets-only',
    'Readings alone are never answered.',
    [0, 1, 3],
    { send: (answer, exchange) => (exchange.request.method === 'GET' ? undefined : documented.send(answer, exchange)) },
  ],
];

/** Has a server that is right refuse requests for a while, each by its number. */
function refusingSome(isRefused: (number: number) => boolean, refusal: Partial<Answer>): () => Partial<Behaviour> {
  return () => {
    let count = 0;
    return { finish: (answer) => (isRefused(++count) ? { ...answer, ...refusal } : answer) };
  };
}

const tooMany = {
  ...errorAnswer(429, 'too_many'),
  headers: { 'content-type': 'application/json', 'retry-after': '60' },
};
const unavailable = errorAnswer(503, 'unavailable');

/** Servers that are right, and have no time, or no use for the token any more: none may be blamed. */
const busy: readonly AttackRow[] = [
  ...[150, 360, 420, 440, 480, 520].map((most): AttackRow => {
    return [
      `busy/limit-of-${most}`,
      `After ${most} requests all are refused with 429.`,
      [0, 3],
      refusingSome((number) => number > most, tooMany),
      most === 420 ? { isChecked: true } : {},
    ];
  }),
  ...[401, 403].map((status): AttackRow => {
    return [
      `busy/token-expires-${status}`,
      `After 400 requests the token is refused with ${status}.`,
      [0, 3],
      refusingSome((number) => number > 400, errorAnswer(status, 'access_denied')),
    ];
  }),
  [
    'busy/reading-of-a-moved-call',
    'A call that has moved cannot be read: 503.',
    [0, 3],
    () => {
      let hasMoved = false;
      return {
        transfer: (exchange: Exchange) => {
          hasMoved = true;
          return documented.transfer(exchange);
        },
        finish: (answer, { request }) =>
          hasMoved && request.method === 'GET' ? { ...answer, ...unavailable } : answer,
      };
    },
  ],
  [
    'busy/every-fifth',
    'Every fifth request is answered with 503.',
    [0, 3],
    refusingSome((number) => number % 5 === 0, unavailable),
  ],
];

/** A right server that closes its connections and listens again later. */
function restarting(after: number): Attack {
  return {
    id: `busy/restart-at-${after}`,
    says: `The server restarts at request ${after}, and refuses connections for 0.4 s.`,
    ends: [0, 3],
    start: () => {
      let server: Server | undefined;
      let count = 0;
      return startPlainServer({
        tokens: [token],
        configure: (made) => (server = made),
        behaviour: {
          finish: (answer) => {
            if (++count === after && server !== undefined) void restart(server);
            return answer;
          },
        },
      });
    },
  };
}

async function restart(server: Server): Promise<void> {
  const { port } = server.address() as { port: number };
  server.close();
  server.closeAllConnections();
  await sleep(400);
  server.listen(port, '127.0.0.1');
}

/** A right server that says 408 on a connection that was idle, as a request comes. */
function closingIdle(idle: number): Attack {
  return {
    id: `busy/idle-for-${idle}-ms`,
    says: `A connection that was idle for ${idle} ms is ended with 408.`,
    ends: [0],
    start: () =>
      startPlainServer({
        tokens: [token],
        configure: (server) => {
          server.on('connection', (socket) => {
            let timer: NodeJS.Timeout | undefined;
            const write = socket.write.bind(socket);
            socket.write = ((...args: Parameters<typeof write>) => {
              clearTimeout(timer);
              timer = setTimeout(
                () => socket.end('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'),
                idle,
              );
              return write(...args);
            }) as typeof socket.write;
            socket.on('data', () => clearTimeout(timer)).on('close', () => clearTimeout(timer));
          });
        },
      }),
  };
}

/** The faults whose answers are no messages, or lead elsewhere. */
const broken = faults
  .filter(({ id }) => /^protocol\/|\/redirect/.test(id))
  .map(({ id, says, start }): Attack => ({
    id: `faults/${id}`,
    says,
    ends: [1],
    start: async () => ({ ...(await start()), environment: { CONFORMANCE_TOKEN: 'proof-token' } }),
  }));

export const timeAttacks: readonly Attack[] = [
  ...endless.map(makeAttack),
  ...busy.map(makeAttack),
  ...[20, 200, 420, 500].map(restarting),
  ...[5, 20].map(closingIdle),
  ...broken,
];
