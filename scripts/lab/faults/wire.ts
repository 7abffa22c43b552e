import { STATUS_CODES } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Answer, Behaviour, Exchange } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';

/** Puts an answer on the wire. */
export type Send = (answer: Answer, exchange: Exchange) => void;

/** Sends the answers of one outcome in another way. */
export function sending(outcome: Answer['outcome'], send: Send): Partial<Behaviour> {
  return {
    send: (answer, exchange) =>
      answer.outcome === outcome ? send(answer, exchange) : documented.send(answer, exchange),
  };
}

/** Writes bytes to the socket as they are, and then ends it. */
export function raw(bytesOf: (answer: Answer) => string | Buffer): Send {
  return (answer, { request }) => void request.socket.end(bytesOf(answer));
}

/** Writes bytes to the socket as they are, and leaves it open. */
export function rawAndOpen(bytesOf: (answer: Answer) => string | Buffer): Send {
  return (answer, { request }) => void request.socket.write(bytesOf(answer));
}

/** Formats an answer as an HTTP/1.1 message with further header lines. */
export function message(answer: Pick<Answer, 'status' | 'body'>, ...headers: readonly string[]): string {
  const statusLine = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`;
  const lines = [statusLine, 'content-type: application/json', ...headers];
  return `${lines.join('\r\n')}\r\n\r\n${answer.body}`;
}

/** Writes a piece again and again until the connection is closed or the pieces run out. */
export function dripping(exchange: Exchange, milliseconds: number, pieces: Iterator<string>): void {
  const { socket } = exchange.request;
  const timer = setInterval(() => {
    const { done, value } = pieces.next();
    if (done) clearInterval(timer);
    else socket.write(value);
  }, milliseconds);
  timer.unref();
  socket.on('close', () => clearInterval(timer));
}

const mebibyte = 1024 * 1024;
let bomb: Buffer | undefined;

/** Compresses a gibibyte of zeros. Gzip members may follow one another, so one is made and repeated. */
export function gibibyteOfZeros(): Buffer {
  const member = () => gzipSync(Buffer.alloc(16 * mebibyte), { level: 9 });
  bomb ??= Buffer.concat(Array.from<Buffer>({ length: 64 }).fill(member()));
  return bomb;
}
