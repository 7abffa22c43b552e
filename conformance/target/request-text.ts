import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { longestBody, OversizedBody } from './body.ts';
import { connected, connectionsTo } from './connection.ts';
import { failureOf } from './failure.ts';
import type { TransportSettings } from './transport-settings.ts';

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
 * @throws Error with one line, if there is no complete answer, or one that is longer than `longestBody`.
 */
export async function requestText(url: string, request: TextRequest): Promise<{ status: number; text: string }> {
  const { method, headers, body, signal, transport } = request;
  signal.throwIfAborted();
  const { origin, pathname, search } = new URL(url);
  const connections = connectionsTo(origin, transport);
  const outgoing = connections.open({ method, path: `${pathname}${search}`, headers }, false);
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let isConnected = false;
  void connected(outgoing).then(() => (isConnected = true), reject);
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    const answered = once(outgoing.end(body), 'response');
    return await Promise.race([answered.then(([incoming]) => readAnswer(incoming as IncomingMessage)), failed]);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(failureOf(error, connections.route, !isConnected).message);
  } finally {
    signal.removeEventListener('abort', abort);
    outgoing.on('error', () => undefined).destroy();
    connections.close();
  }
}

async function readAnswer(incoming: IncomingMessage): Promise<{ status: number; text: string }> {
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > longestBody) throw new OversizedBody(`its answer is longer than ${longestBody} bytes`);
  }
  return { status: incoming.statusCode ?? 0, text };
}
