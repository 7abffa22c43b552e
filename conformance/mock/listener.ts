import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { JsonValue } from '../contract/json.ts';

/** A server that listens on the loopback interface until it is closed. */
export interface RunningServer {
  /** The base URL for requests: the origin, and a path if the server is mounted below one. */
  readonly url: string;
  /** Stops listening and destroys every open socket. */
  close(): Promise<void>;
}

/** An answer before it becomes HTTP. A body that is undefined is not sent at all. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonValue | undefined;
  /** The reason for an unusual answer, for logs: `sendCallTo "x" must match pattern "…"`. */
  readonly reason?: string | undefined;
}

export interface Body {
  /** The JSON value, or undefined if there is no body or it cannot be read. */
  readonly value: JsonValue | undefined;
  /** The number of bytes that were received. */
  readonly length: number;
  readonly isUnreadable: boolean;
  /** True if the client is still sending and the rest is not read. */
  readonly isCutOff: boolean;
}

export interface Service {
  /** Answers a request; never rejects. */
  readonly answer: (request: IncomingMessage, body: Body) => Promise<Answer>;
  /** The answer to bytes that are not an HTTP request. */
  readonly unintelligible: Answer;
  readonly host: string;
  readonly port: number;
  /** The milliseconds that a client may take to send a request. */
  readonly timeout: number;
  /** The time that a client may go on sending after its answer. Default: pauses of 500 ms, 5 s in all. */
  readonly lingering?: Lingering;
}

/**
 * Limits of draining a connection before it is closed. A connection that is closed while the client still sends may be
 * reset, and the reset may discard the answer (RFC 9112 section 9.6).
 */
interface Lingering {
  /** The longest pause, in milliseconds. */
  readonly pause: number;
  /** The longest time in all, in milliseconds. */
  readonly total: number;
}

/** The largest body that is read, in bytes: more than any request needs, and little enough to be held in memory. */
const largestBody = 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const defaultLingering: Lingering = { pause: 500, total: 5000 };

/**
 * Listens for requests of any kind, well-formed or not.
 *
 * @throws Error with the system's code if the address cannot be listened on.
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
    // A client may disconnect at any moment, and after CONNECT Node itself no longer listens for errors.
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  handleRequests(server, service);
  server.listen(port, host);
  await once(server, 'listening');
  // Failing to accept one connection must not end the server.
  server.on('error', () => {});
  const { port: actualPort } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    close: () => (closed ??= close(server, sockets)),
  };
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}

function handleRequests(server: Server, service: Service): void {
  const { answer, unintelligible, lingering = defaultLingering } = service;
  /** The latest request of each connection. */
  const latest = new WeakMap<Duplex, { request: IncomingMessage; response: ServerResponse; giveUp: () => void }>();
  const refuse = (socket: Duplex): void => {
    const exchange = latest.get(socket);
    // Answers are sent in the order of their requests.
    if (exchange === undefined || exchange.response.writableFinished) sendRaw(socket, unintelligible, lingering);
    else if (!exchange.request.complete) exchange.giveUp();
    else exchange.response.once('finish', () => sendRaw(socket, unintelligible, lingering));
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { body, giveUp } = readBody(request);
    // Node does not read what follows a request for another protocol.
    if (request.headers.upgrade !== undefined) response.setHeader('connection', 'close');
    // The client may have disconnected before its answer.
    response.on('error', () => {});
    latest.set(request.socket, { request, response, giveUp });
    const read = await body;
    send(request, response, await answer(request, read), read.isCutOff ? lingering : undefined);
  };
  server.on('request', handle);
  server.on('checkExpectation', handle);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (!declaresTooMuch(request)) response.writeContinue();
    void handle(request, response);
  });
  server.on('connect', (_: IncomingMessage, socket: Duplex) => refuse(socket));
  server.on('clientError', (_: Error, socket: Duplex) => refuse(socket));
}

function declaresTooMuch({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) > largestBody;
}

/** Reads a body up to the largest size. `giveUp` ends the reading: the body then counts as unreadable and cut off. */
function readBody(request: IncomingMessage): { body: Promise<Body>; giveUp: () => void } {
  const { promise: body, resolve } = Promise.withResolvers<Body>();
  const chunks: Buffer[] = [];
  let length = 0;
  const giveUp = (): void => resolve({ value: undefined, length, isUnreadable: true, isCutOff: true });
  if (declaresTooMuch(request)) {
    giveUp();
    return { body, giveUp };
  }
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= largestBody) chunks.push(chunk);
    else giveUp();
  });
  request.once('end', () => resolve(parseBody(request, Buffer.concat(chunks))));
  request.once('close', giveUp);
  request.once('error', giveUp);
  return { body, giveUp };
}

function parseBody({ headers }: IncomingMessage, bytes: Buffer): Body {
  const read = (value: JsonValue | undefined, isUnreadable: boolean): Body => {
    return { value, length: bytes.length, isUnreadable, isCutOff: false };
  };
  if (bytes.length === 0) return read(undefined, false);
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity') return read(undefined, true);
  try {
    return read(JSON.parse(utf8.decode(bytes)) as JsonValue, false);
  } catch {
    return read(undefined, true);
  }
}

/** Sends an answer; with `lingering`, to a client that is still sending, and then closes the connection. */
function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  lingering: Lingering | undefined,
): void {
  const { text, headers } = serialise(answer);
  if (lingering === undefined) {
    response.writeHead(answer.statusCode, headers).end(text);
    return;
  }
  response.writeHead(answer.statusCode, { ...headers, connection: 'close' });
  if (text === undefined) response.flushHeaders();
  else response.write(text);
  const stop = drain(request.socket, lingering, () => response.end());
  request.once('end', stop).once('close', stop).resume();
}

const ending = new WeakSet<Duplex>();

/** Sends an answer where there is no request to respond to, and closes the connection. */
function sendRaw(socket: Duplex, answer: Answer, lingering: Lingering): void {
  // What follows is unintelligible too, and already answered.
  if (ending.has(socket)) return;
  ending.add(socket);
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { text = '', headers } = serialise(answer);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${answer.statusCode} ${STATUS_CODES[answer.statusCode]}\r\n${lines.join('')}\r\n${text}`);
  drain(socket, lingering, () => socket.destroy());
}

/** Reads what a client still sends, and calls `end` when a limit is reached. The result calls `end` at once. */
function drain(socket: Duplex, { pause, total }: Lingering, end: () => void): () => void {
  const stop = (): void => {
    clearTimeout(pausing);
    clearTimeout(going);
    end();
  };
  const pausing = setTimeout(stop, pause).unref();
  const going = setTimeout(stop, total).unref();
  socket.on('data', () => pausing.refresh());
  return stop;
}

function serialise({ headers, body }: Answer): { text: string | undefined; headers: Record<string, string | number> } {
  if (body === undefined) return { text: undefined, headers };
  // A page of a gateway is text as it stands.
  const isText = typeof body === 'string' && !/[/+]json\b/i.test(headers['content-type'] ?? '');
  const text = isText ? body : JSON.stringify(body);
  return { text, headers: { ...headers, 'content-length': Buffer.byteLength(text) } };
}
