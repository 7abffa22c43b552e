import { Agent, Client, errors, type Dispatcher } from 'undici';
import { decodeContent, EncodingFailure, longestBody, OversizedBody, receivedBody } from './body.ts';
import type { Exchange, FailureKind, ReceivedResponse, SentRequest, TransportFailure } from './exchange.ts';
import { assertHarmless, type Permission } from './guard.ts';

/** Sends requests to one origin, within bounds of time and size. Redirects are never followed. */
export interface Transport {
  /**
   * Sends a request and reads its response to the end.
   *
   * @throws ForbiddenRequest before anything is sent, if the guard refuses the request; nothing else.
   */
  send(request: SentRequest): Promise<Exchange>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly origin: string;
  readonly permission: Permission;
  /** From connecting to the last byte, in milliseconds. */
  readonly timeout: number;
}

const longestHeaders = 64 * 1024;

/** A transport over HTTP/1.1 with kept-alive connections. */
export function createTransport({ origin, permission, timeout }: TransportOptions): Transport {
  const limits = { headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: longestHeaders, connect: { timeout } };
  const agent = new Agent({ ...limits, connections: null });

  async function attempt(dispatcher: Dispatcher, request: SentRequest): Promise<Exchange> {
    const started = performance.now();
    const signal = AbortSignal.timeout(timeout);
    try {
      const response = await dispatcher.request({
        origin,
        path: request.path,
        method: request.method as Dispatcher.HttpMethod,
        headers: request.headers,
        body: request.body ?? null,
        signal,
      });
      const content = await readContent(response.body);
      return { request, response: responseOf(response, content, performance.now() - started), failure: undefined };
    } catch (error) {
      return { request, response: undefined, failure: failureOf(error, signal.aborted, timeout) };
    }
  }

  async function attemptAfresh(request: SentRequest): Promise<Exchange> {
    const client = new Client(origin, limits);
    try {
      return await attempt(client, request);
    } finally {
      await client.destroy();
    }
  }

  return {
    async send(request) {
      assertHarmless(request, permission);
      const exchange = await attempt(agent, request);
      // A server may close a kept-alive connection while a request is under way on it (RFC 9112 section 9.5).
      return exchange.failure?.kind === 'closed' ? attemptAfresh(request) : exchange;
    },
    close: () => agent.destroy(),
  };
}

async function readContent(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > longestBody) throw new OversizedBody(`The body is longer than ${longestBody} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function responseOf(response: Dispatcher.ResponseData, content: Buffer, duration: number): ReceivedResponse {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]),
  );
  const body = receivedBody(decodeContent(content, headers['content-encoding']));
  return { status: response.statusCode, headers, body, duration };
}

const connectionErrors = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EACCES']);

function failureOf(error: unknown, aborted: boolean, timeout: number): TransportFailure {
  const { code = '', message = String(error), cause } = error as NodeJS.ErrnoException & { cause?: unknown };
  if (error instanceof OversizedBody) return { kind: 'too large', message };
  if (error instanceof EncodingFailure) return { kind: 'encoding', message };
  if (aborted) return { kind: 'time-out', message: `No complete response came within ${timeout} ms` };
  if (error instanceof errors.HeadersOverflowError) {
    return { kind: 'too large', message: `The header fields are longer than ${longestHeaders} bytes` };
  }
  if (connectionErrors.has(code) || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return { kind: 'connection', message: connectionMessage(error, cause) };
  }
  if (code.startsWith('HPE_') || error instanceof errors.HTTPParserError) {
    return { kind: 'malformed', message: `The response is no HTTP message: ${message} (${code})` };
  }
  return {
    kind: closedKind(code, message),
    message: `The connection was closed before the response was complete: ${message}`,
  };
}

function closedKind(code: string, message: string): FailureKind {
  return /mismatch|invalid|unexpected/i.test(`${code} ${message}`) ? 'malformed' : 'closed';
}

function connectionMessage(error: unknown, cause: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || String(cause);
}
