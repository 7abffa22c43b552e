import type { ClientRequest, IncomingMessage } from 'node:http';
import { decodeContent, longestBody, receivedBody } from './body.ts';
import { connected, connectionsTo, type Connections } from './connection.ts';
import type { Exchange, ReceivedResponse, SentRequest } from './exchange.ts';
import { addHeaders, timeLimitsOf, type TimeLimits, type TransportSettings } from './transport-settings.ts';
import { failureOf, IncompleteExchange, ProxyRefusal, TimeLimitExceeded } from './failure.ts';
import { assertHarmless, type Permission } from './guard.ts';
import { afterFreeTime } from './in-time.ts';

/** Sends requests to one origin, within bounds of time and size. Redirects are never followed. */
export interface Transport {
  /**
   * Sends a request and reads its response to the end.
   *
   * @throws ForbiddenRequest before anything is sent, if the guard refuses the request, or the reason of the signal.
   */
  send(request: SentRequest): Promise<Exchange>;
  /** The number of requests that were sent again, since a kept connection was closed before an answer came. */
  readonly repeated: number;
  /** Tells whether the server takes no connections, as while it restarts. */
  isDown(): Promise<boolean>;
  close(): void;
}

export interface TransportOptions {
  /** The target's origin. */
  readonly origin: string;
  readonly permission: Permission;
  /** From connecting to the last byte, in milliseconds. */
  readonly timeout: number;
  readonly settings?: TransportSettings | undefined;
  /** Aborts what is under way, and whatever is to be sent later. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A transport over HTTP/1.1 with kept-alive connections. It is built on node:http since that takes interim responses as
 * they come (RFC 9110 section 15.2) and request targets as they are.
 */
export function createTransport({ origin, permission, timeout, settings, signal }: TransportOptions): Transport {
  const connections = connectionsTo(origin, settings);
  const limits = timeLimitsOf(timeout, settings);
  let repeated = 0;
  const onRepeat = () => void repeated++;
  return {
    get repeated() {
      return repeated;
    },
    async send(request) {
      assertHarmless(request, permission);
      // A server that closes a connection as it was asked to need not say so.
      const reuse = request.headers['connection'] !== 'close';
      const exchange = await exchangeOver(connections, request, { limits, signal, reuse, onRepeat });
      return { ...exchange, request: { ...request, headers: addHeaders(request.headers, settings?.headers, 'shown') } };
    },
    isDown: () => connections.isDown(),
    close: () => connections.close(),
  };
}

/** A request outside the suite's cases, to a token endpoint or for a source of calls. */
export interface TextRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Ends the request; its reason is thrown. */
  readonly signal: AbortSignal;
  readonly transport?: TransportSettings | undefined;
}

/**
 * Sends a request over a new connection, and resolves with the status and the text of its answer. Redirects are not
 * followed.
 *
 * @throws Error with one line, if there is no complete answer.
 */
export async function requestText(
  url: string,
  { signal, transport, ...request }: TextRequest,
): Promise<{ status: number; text: string }> {
  const { origin, pathname, search } = new URL(url);
  const connections = connectionsTo(origin, transport);
  try {
    const sent = { ...request, path: `${pathname}${search}` };
    const { response, failure } = await exchangeOver(connections, sent, { signal, reuse: false });
    if (response === undefined) throw new Error(failure?.message);
    return { status: response.status, text: response.body.text };
  } finally {
    connections.close();
  }
}

/** Sends a request and reads its response to the end; throws the reason of the signal where that ends it. */
async function exchangeOver(
  connections: Connections,
  request: SentRequest,
  bounds: {
    readonly limits?: TimeLimits;
    readonly signal: AbortSignal | undefined;
    readonly reuse: boolean;
    readonly onRepeat?: () => void;
  },
): Promise<Exchange> {
  const { limits, signal, reuse } = bounds;
  const { route } = connections;
  signal?.throwIfAborted();
  const outgoing = connections.open(request, reuse);
  const progress = new ExchangeProgress(outgoing);
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const stopWatching = limits && progress.watch(limits, reject);
  const abort = () => reject(signal?.reason);
  signal?.addEventListener('abort', abort);
  outgoing.on('error', (error) => progress.isComplete || reject(error));
  const repeat = () => exchangeOver(connections, request, { ...bounds, reuse: false });
  try {
    const response = await Promise.race([responseTo(outgoing, request.body, progress), failed]);
    if (route.proxy !== undefined && response.status === 407) {
      throw new ProxyRefusal('HTTP/1.1 407 Proxy Authentication Required');
    }
    // So a server ends a connection that was idle, and that this request crossed (RFC 9110 section 15.5.9).
    if (response.status === 408 && outgoing.reusedSocket) return repeat();
    if (progress.isComplete) outgoing.destroy();
    return { request, response };
  } catch (error) {
    outgoing.destroy();
    signal?.throwIfAborted();
    const failure = failureOf(error, route, !progress.isConnected && !outgoing.reusedSocket);
    // A server may close a kept-alive connection while a request is under way on it (RFC 9112 section 9.5). Once a
    // byte of a response came, the request was processed perhaps.
    const isStale = failure.kind === 'closed' && outgoing.reusedSocket && !progress.hasBegun;
    if (!isStale) return { request, failure };
    bounds.onRepeat?.();
    return repeat();
  } finally {
    stopWatching?.();
    signal?.removeEventListener('abort', abort);
  }
}

async function responseTo(
  outgoing: ClientRequest,
  body: string | undefined,
  progress: ExchangeProgress,
): Promise<ReceivedResponse> {
  const started = performance.now();
  const incoming = await answerTo(outgoing, body);
  if (incoming.httpVersionMajor !== 1) {
    throw new IncompleteExchange(
      'malformed',
      `The response is in HTTP/${incoming.httpVersion}, and the request was in HTTP/1.1`,
    );
  }
  const content = await contentOf(incoming, progress);
  const duration = performance.now() - started;
  const headers = headersOf(incoming);
  const decoded = decodeContent(content, headers['content-encoding']);
  return { status: incoming.statusCode ?? 0, headers, body: receivedBody(decoded), duration };
}

function answerTo(outgoing: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('upgrade', (_, socket) => {
      socket.destroy();
      reject(new IncompleteExchange('closed', 'The connection was switched to another protocol'));
    });
    outgoing.end(body);
  });
}

/** The most pieces of a body that are read: each takes as long, however short it is. */
const mostPieces = 4096;
const endlessPieces = `No complete response came within ${mostPieces} pieces of its body, the limit of a request`;

async function contentOf(incoming: IncomingMessage, progress: ExchangeProgress): Promise<Buffer> {
  if (endsWithHeader(incoming)) {
    const surplus = progress.isComplete ? undefined : findSurplus(incoming, progress);
    if (surplus !== undefined) throw surplus;
    incoming.on('error', () => undefined).resume();
    return Buffer.alloc(0);
  }
  const declared = Number(incoming.headers['content-length'] ?? 0);
  if (declared > longestBody) throw oversized(`its content-length is ${declared}`);
  // Pieces that are kept until the end would take as much memory again.
  let content = Buffer.allocUnsafeSlow(declared);
  let length = 0;
  let pieces = 0;
  await new Promise<void>((resolve, reject) => {
    incoming.on('data', (chunk: Buffer) => {
      if (length > longestBody || ++pieces > mostPieces) return;
      length = progress.receive(chunk.length);
      if (length > longestBody) return reject(oversized(`${length} bytes came, and more may follow`));
      if (pieces === mostPieces) return reject(new IncompleteExchange('time-out', endlessPieces));
      if (length > content.length) content = Buffer.concat([content], 2 * length);
      chunk.copy(content, length - chunk.length);
    });
    // Before Node.js lets go of the connection.
    incoming.prependOnceListener('end', () => {
      const surplus = isDelimited(incoming) ? findSurplus(incoming, progress) : undefined;
      if (surplus === undefined) resolve();
      else reject(surplus);
    });
    incoming.once('error', reject);
    incoming.once('close', () => {
      if (!incoming.readableEnded) reject(incompleteBody());
    });
  });
  if (!incoming.complete) throw incompleteBody();
  return content.subarray(0, length);
}

/**
 * Node.js ends a connection at once on which two responses to a request came in one piece, and gives the first one. That a
 * connection was idle for too long (RFC 9110 section 15.5.9) may come so where this process was busy.
 */
function findSurplus({ socket }: IncomingMessage, { latest }: ExchangeProgress): IncompleteExchange | undefined {
  return socket.destroyed && !/HTTP\/1\.[01] 408 [^]*\r\n\r\n/.test(latest.toString('latin1'))
    ? new IncompleteExchange('malformed', 'Another response came behind the response to this request')
    : undefined;
}

function isDelimited({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

function incompleteBody(): IncompleteExchange {
  return new IncompleteExchange('closed', 'The connection was closed before the body was complete');
}

function oversized(came: string): IncompleteExchange {
  return new IncompleteExchange('too large', `The body is longer than ${longestBody} bytes, the limit: ${came}`);
}

/** The header fields by lower-cased name, in the order in which they came; repeated ones are joined, cookies by a line feed. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const former = headers.get(name);
    const joint = name === 'set-cookie' ? '\n' : ', ';
    headers.set(name, former === undefined ? value : `${former}${joint}${value}`);
  }
  return Object.fromEntries(headers);
}

/** The number of interim responses that are awaited. Reading more costs time, and a server that works needs a few. */
const mostInterim = 1000;
const endlessInterim = `No final response came after ${mostInterim} interim responses, the limit of a request`;

/** The parts of a response that have come. */
class ExchangeProgress {
  isConnected = false;
  /** True if any byte of a response came. */
  hasBegun = false;
  /** The bytes that came last, of the response or behind it. */
  latest: Buffer = Buffer.alloc(0);
  /** True if the header of a response came that declares content which it cannot have: that may still come. */
  isComplete = false;
  #interim = 0;
  #received: number | undefined;

  constructor(outgoing: ClientRequest) {
    void connected(outgoing)
      .then(() => (this.isConnected = true))
      .catch(() => undefined);
    outgoing.once('socket', (socket) => {
      const note = (bytes: Buffer) => {
        this.hasBegun = true;
        this.latest = bytes;
      };
      socket.prependListener('data', note);
      outgoing.once('close', () => socket.off('data', note));
    });
    outgoing.on('information', () => {
      this.#interim++;
      if (this.#interim > mostInterim) outgoing.destroy(new IncompleteExchange('time-out', endlessInterim));
    });
    outgoing.once('response', (incoming) => {
      this.hasBegun = true;
      this.isComplete = endsWithHeader(incoming) && declaresContent(incoming);
      this.#received = 0;
    });
  }

  /** Counts bytes of the body. */
  receive(bytes: number): number {
    this.#received = (this.#received ?? 0) + bytes;
    return this.#received;
  }

  /** Calls back when a limit is exceeded. Returns a function that ends this. */
  watch(limits: TimeLimits, exceeded: (error: TimeLimitExceeded) => void): () => void {
    const isReached = { connect: () => this.isConnected, firstByte: () => this.hasBegun, total: () => false };
    const stops = (['connect', 'firstByte', 'total'] as const).map((name) =>
      afterFreeTime(limits[name], () => {
        if (!isReached[name]()) exceeded(new TimeLimitExceeded(name, limits[name], this.#description()));
      }),
    );
    return () => stops.forEach((stop) => stop());
  }

  #description(): string {
    if (this.#received !== undefined) return `its header came, and ${this.#received} bytes of the body`;
    return this.#interim === 0 ? 'its header did not come to an end' : `${this.#interim} interim responses came`;
  }
}

/** Tells whether a response has no content, whatever its header fields say (RFC 9112 section 6.3). */
function endsWithHeader({ statusCode }: IncomingMessage): boolean {
  return statusCode === 204 || statusCode === 304;
}

function declaresContent({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
