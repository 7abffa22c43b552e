import type { IncomingMessage } from 'node:http';
import type { JsonValue } from '../contract/json.ts';

/** The body of a request: the value that it expresses, or undefined where there is none, or none that can be read. */
export interface Body {
  readonly value: JsonValue | undefined;
  readonly length: number;
  readonly isUnreadable: boolean;
  /** Whether the client is still sending what nobody will read. */
  readonly isCutOff: boolean;
}

/** More than any request needs, and little enough to be held in memory many times over. */
const largestBody = 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const noBody: Body = { value: undefined, length: 0, isUnreadable: false, isCutOff: false };
const unreadable = (length: number, isCutOff: boolean): Body => ({
  value: undefined,
  length,
  isUnreadable: true,
  isCutOff,
});

/** Whether a request says itself that its body is too large to be read. */
export function declaresTooMuch({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) > largestBody;
}

/** The reading of a body, which can be given up: what came so far is then an unreadable body. */
export interface Reading {
  readonly body: Promise<Body>;
  giveUp(): void;
}

/** Reads the body of a request, as much of it as any request needs. */
export function readBody(request: IncomingMessage): Reading {
  const { promise, resolve } = Promise.withResolvers<Body>();
  const chunks: Buffer[] = [];
  let length = 0;
  const giveUp = (): void => resolve(unreadable(length, true));
  if (declaresTooMuch(request)) {
    giveUp();
    return { body: promise, giveUp };
  }
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= largestBody) chunks.push(chunk);
    else giveUp();
  });
  request.once('end', () => resolve(decoded(request, Buffer.concat(chunks))));
  request.once('close', giveUp);
  request.once('error', giveUp);
  return { body: promise, giveUp };
}

function decoded({ headers }: IncomingMessage, bytes: Buffer): Body {
  const { length } = bytes;
  if (length === 0) return noBody;
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity') return unreadable(length, false);
  try {
    return { value: JSON.parse(utf8.decode(bytes)) as JsonValue, length, isUnreadable: false, isCutOff: false };
  } catch {
    return unreadable(length, false);
  }
}
