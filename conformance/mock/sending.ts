import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from './answer.ts';

/**
 * A client that still sends is heard to the end before the connection is: one that is ended at once takes the answer with
 * it, unread (RFC 9112 section 9.6).
 */
export interface Lingering {
  /** How many milliseconds the client may send nothing. */
  readonly pause: number;
  /** How many milliseconds it may go on in all. */
  readonly total: number;
}

const ending = new WeakSet<Duplex>();

/** Sends an answer. */
export function send(response: ServerResponse, answer: Answer): void {
  const { text, headers } = serialised(answer);
  response.writeHead(answer.statusCode, headers);
  response.end(text);
}

/** Sends an answer to a client that still sends, and ends the connection. */
export function sendAndClose(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  lingering: Lingering,
): void {
  const { text, headers } = serialised(answer);
  response.writeHead(answer.statusCode, { ...headers, connection: 'close' });
  if (text === undefined) response.flushHeaders();
  else response.write(text);
  const stop = linger(request.socket, lingering, () => response.end());
  request.once('end', stop).once('close', stop).resume();
}

/** Sends an answer where there is no request that could be responded to, and ends the connection. */
export function sendRaw(socket: Duplex, answer: Answer, lingering: Lingering): void {
  // What follows is unintelligible too, and answered already.
  if (ending.has(socket)) return;
  ending.add(socket);
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { text = '', headers } = serialised(answer);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${answer.statusCode} ${STATUS_CODES[answer.statusCode]}\r\n${lines.join('')}\r\n${text}`);
  linger(socket, lingering, () => socket.destroy());
}

/** Reads what a client still sends, and calls back when that has been enough; what is returned does so at once. */
function linger(socket: Duplex, { pause, total }: Lingering, end: () => void): () => void {
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

function serialised({ headers, body }: Answer): { text: string | undefined; headers: Record<string, string | number> } {
  if (body === undefined) return { text: undefined, headers };
  const text = JSON.stringify(body);
  return { text, headers: { ...headers, 'content-length': Buffer.byteLength(text) } };
}
