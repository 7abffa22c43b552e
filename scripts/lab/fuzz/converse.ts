import { connect } from 'node:net';
import { setImmediate as pause } from 'node:timers/promises';
import { readAnswers } from './answers.ts';
import type { Connection } from './connection.ts';

/** What came of a connection. */
export interface Outcome {
  readonly received: Buffer;
  /** Whether the server neither answered nor ended the connection within the limit. */
  readonly isHanging: boolean;
  /** The code of what ended the connection, where nobody ended it properly. */
  readonly error: string | undefined;
  /** How many milliseconds it took to send everything, on a busy machine. */
  readonly sending: number;
}

/** Sends what a connection sends, and reads until it ends. A client that has its answers ends it. */
export async function converse(url: string, { pieces, ending, expected }: Connection, limit: number): Promise<Outcome> {
  const { hostname, port } = new URL(url);
  const started = performance.now();
  const chunks: Buffer[] = [];
  const awaited = expected?.length ?? 1;
  const asksForHead = pieces.some((piece) => piece.includes('HEAD'));
  const socket = connect({ port: Number(port), host: hostname, noDelay: true });
  let isHanging = false;
  let error: string | undefined;
  let isSent = false;
  const timer = setTimeout(() => {
    isHanging = true;
    socket.destroy();
  }, limit);
  const endIfAnswered = (): void => {
    if (isSent && readAnswers(Buffer.concat(chunks), asksForHead).answers.length >= awaited) socket.end();
  };
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', ({ code }: NodeJS.ErrnoException) => (error ??= code));
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    endIfAnswered();
  });
  for (const piece of pieces) {
    if (socket.writable) socket.write(piece);
    await pause();
  }
  isSent = true;
  const sending = performance.now() - started;
  if (ending === 'waits') endIfAnswered();
  else if (ending === 'is done') socket.end();
  else socket.resetAndDestroy();
  await closed;
  clearTimeout(timer);
  return { received: Buffer.concat(chunks), isHanging, error, sending };
}
