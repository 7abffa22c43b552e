import { Agent, request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent, request as requestHttps } from 'node:https';
import { decodeContent, longestBody, OversizedBody, receivedBody } from './body.ts';
import type { Exchange, ReceivedResponse, SentRequest } from './exchange.ts';
import { failureOf, IncompleteMessage, longestHeaders, TimeLimitExceeded } from './failure.ts';
import { assertHarmless, type Permission } from './guard.ts';

/** Sends requests to one origin, within bounds of time and size. Redirects are never followed. */
export interface Transport {
  /**
   * Sends a request and reads its response to the end.
   *
   * @throws ForbiddenRequest before anything is sent, if the guard refuses the request; nothing else.
   */
  send(request: SentRequest): Promise<Exchange>;
  close(): void;
}

export interface TransportOptions {
  /** The target's origin. */
  readonly origin: string;
  readonly permission: Permission;
  /** From connecting to the last byte, in milliseconds. */
  readonly timeout: number;
}

/**
 * A transport over HTTP/1.1 with kept-alive connections. It is built on node:http since that takes interim responses as
 * they come (RFC 9110 section 15.2) and request targets as they are.
 */
export function createTransport({ origin, permission, timeout }: TransportOptions): Transport {
  const { protocol, hostname, port } = new URL(origin);
  const isSecure = protocol === 'https:';
  const agent = new (isSecure ? SecureAgent : Agent)({ keepAlive: true });
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port, maxHeaderSize: longestHeaders };

  function open({ method, path, headers }: SentRequest, reuse: boolean): ClientRequest {
    const options = { ...address, method, path, headers: { ...headers }, agent: reuse ? agent : false };
    return isSecure ? requestHttps(options) : requestHttp(options);
  }

  async function attempt(request: SentRequest, reuse: boolean): Promise<Exchange> {
    const outgoing = open(request, reuse);
    let hasBegun = false;
    let isComplete = false;
    outgoing.once('response', (incoming) => {
      hasBegun = true;
      isComplete = endsWithHeader(incoming);
    });
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(() => limit.reject(new TimeLimitExceeded(timeout)), timeout);
    // What follows a message that ends with its header is no part of it.
    outgoing.on('error', (error) => isComplete || limit.reject(error));
    try {
      const response = await Promise.race([responseTo(outgoing, request.body), limit.promise]);
      // What such a message declares may still come, where the next one is awaited.
      if (isComplete && declaresContent(response)) outgoing.destroy();
      return { request, response, failure: undefined };
    } catch (error) {
      outgoing.destroy();
      const failure = failureOf(error);
      // A server may close a kept-alive connection while a request is under way on it (RFC 9112 section 9.5).
      if (failure.kind === 'closed' && outgoing.reusedSocket && !hasBegun) return attempt(request, false);
      return { request, response: undefined, failure };
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async send(request) {
      assertHarmless(request, permission);
      return attempt(request, true);
    },
    close: () => agent.destroy(),
  };
}

async function responseTo(outgoing: ClientRequest, body: string | undefined): Promise<ReceivedResponse> {
  const started = performance.now();
  const incoming = await answerTo(outgoing, body);
  const content = await contentOf(incoming);
  return responseOf(incoming, content, performance.now() - started);
}

function answerTo(outgoing: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('upgrade', (_, socket) => {
      socket.destroy();
      reject(new IncompleteMessage('The connection was switched to another protocol'));
    });
    outgoing.end(body);
  });
}

/** Whether a response has no content, whatever its header fields say (RFC 9112 section 6.3). */
function endsWithHeader({ statusCode }: IncomingMessage): boolean {
  return statusCode === 204 || statusCode === 304;
}

function declaresContent({ headers }: ReceivedResponse): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

async function contentOf(incoming: IncomingMessage): Promise<Buffer> {
  if (endsWithHeader(incoming)) {
    incoming.on('error', () => undefined).resume();
    return Buffer.alloc(0);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) throw new OversizedBody(`The body is longer than ${longestBody} bytes`);
    chunks.push(chunk);
  }
  if (!incoming.complete) throw new IncompleteMessage('The connection was closed before the body was complete');
  return Buffer.concat(chunks);
}

function responseOf(incoming: IncomingMessage, content: Buffer, duration: number): ReceivedResponse {
  const headers = Object.fromEntries(
    Object.entries(incoming.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]),
  );
  const body = receivedBody(decodeContent(content, headers['content-encoding']));
  return { status: incoming.statusCode ?? 0, headers, body, duration };
}
