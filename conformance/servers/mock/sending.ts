import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Answer } from './answer.ts';

/**
 * How many milliseconds a client that still sends may go on: it comes to read the answer meanwhile, which a connection
 * closed at once would take with it.
 */
const lingering = 500;

/** Sends an answer. */
export function send(response: ServerResponse, answer: Answer): void {
  const { text, headers } = serialised(answer);
  response.writeHead(answer.statusCode, headers);
  response.end(text);
}

/** Sends an answer to a client that still sends, and ends the connection. */
export function sendAndClose(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { text, headers } = serialised(answer);
  response.writeHead(answer.statusCode, { ...headers, connection: 'close' });
  if (text === undefined) response.flushHeaders();
  else response.write(text);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, lingering).unref();
  request.once('end', end).once('close', end).resume();
}

/** Sends an answer where there is no request that could be responded to, and ends the connection. */
export function sendRaw(socket: Duplex, answer: Answer): void {
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { text = '', headers } = serialised(answer);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${answer.statusCode} ${STATUS_CODES[answer.statusCode]}\r\n${lines.join('')}\r\n${text}`);
  setTimeout(() => socket.destroy(), lingering).unref();
}

function serialised({ headers, body }: Answer): { text: string | undefined; headers: Record<string, string | number> } {
  if (body === undefined) return { text: undefined, headers };
  const text = JSON.stringify(body);
  return { text, headers: { ...headers, 'content-length': Buffer.byteLength(text) } };
}
