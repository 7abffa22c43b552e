import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Answer } from './answer.ts';
import { declaresTooMuch, readBody, type Body } from './body.ts';
import { send, sendAndClose, sendRaw, type Lingering } from './sending.ts';

/** A server that listens on the loopback interface until it is closed. */
export interface RunningServer {
  /** The base URL for requests: the origin, and a path if the server is mounted below one. */
  readonly url: string;
  /** Stops listening and destroys every open socket. */
  close(): Promise<void>;
}

/** What a listener serves, and how. */
export interface Service {
  /** Never rejects. */
  readonly answer: (request: IncomingMessage, body: Body) => Promise<Answer>;
  /** What answers bytes that are no HTTP request. */
  readonly unintelligible: Answer;
  readonly host: string;
  readonly port: number;
  /** How many milliseconds a client may take to send a request. */
  readonly timeout: number;
  /** How long a client may go on that is answered already; a pause of 500 ms and 5 s in all if left out. */
  readonly lingering?: Lingering;
}

const defaultLingering: Lingering = { pause: 500, total: 5000 };

/** A request that is not answered yet. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  giveUp(): void;
}

/**
 * Listens for requests, whatever they may be.
 *
 * @throws Error with the code of the system, if the address cannot be listened on.
 */
export async function listen(service: Service): Promise<RunningServer> {
  const { host, port, timeout } = service;
  const server = createServer({
    requestTimeout: timeout,
    headersTimeout: timeout,
    connectionsCheckingInterval: Math.min(timeout, 1000),
    requireHostHeader: false,
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    // A client may be gone at any moment; what comes behind CONNECT, Node itself no longer listens to.
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  serve(server, service);
  server.listen(port, host);
  await once(server, 'listening');
  // A connection that cannot be accepted is the client's loss only.
  server.on('error', () => {});
  let closed: Promise<void> | undefined;
  return {
    url: urlOf(host, (server.address() as AddressInfo).port),
    close: () => (closed ??= close(server, sockets)),
  };
}

function serve(server: Server, service: Service): void {
  const { unintelligible, lingering = defaultLingering } = service;
  const exchanges = new WeakMap<Duplex, Exchange>();
  const refuse = (socket: Duplex): void => sendRaw(socket, unintelligible, lingering);
  // Answers come in the order of their requests.
  const refuseNext = (socket: Duplex): void => {
    const exchange = exchanges.get(socket);
    if (exchange === undefined || exchange.response.writableFinished) refuse(socket);
    else if (!exchange.request.complete) exchange.giveUp();
    else exchange.response.once('finish', () => refuse(socket));
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { body, giveUp } = readBody(request);
    // What a client sends behind a wish for another protocol, Node does not read.
    if (request.headers.upgrade !== undefined) response.setHeader('connection', 'close');
    // The client may be gone before its answer.
    response.on('error', () => {});
    exchanges.set(request.socket, { request, response, giveUp });
    void body.then((read) => answerRequest({ ...service, lingering }, request, response, read));
  };
  server.on('request', handle);
  server.on('checkExpectation', handle);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (!declaresTooMuch(request)) response.writeContinue();
    handle(request, response);
  });
  server.on('connect', (_: IncomingMessage, socket: Duplex) => refuseNext(socket));
  server.on('clientError', (_: Error, socket: Duplex) => refuseNext(socket));
}

async function answerRequest(
  { answer: answerOf, lingering }: Pick<Required<Service>, 'answer' | 'lingering'>,
  request: IncomingMessage,
  response: ServerResponse,
  body: Body,
): Promise<void> {
  const answer = await answerOf(request, body);
  if (body.isCutOff) sendAndClose(request, response, answer, lingering);
  else send(response, answer);
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}
