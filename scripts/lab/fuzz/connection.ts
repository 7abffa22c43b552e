import type { Operation } from '../../../conformance/contract/contract.ts';

/** What must answer a request that is well-formed. */
export interface Expectation {
  /** The operation that the request is for, or undefined where the contract has none for it. */
  readonly operation: Operation | undefined;
  /** Whether nothing is wrong with the request. */
  readonly succeeds: boolean;
  /** Whether the connection ends with the answer. */
  readonly isLast: boolean;
}

/** What a client sends as one request, and what is known of its answer: nothing, where it is no well-formed request. */
export interface Message {
  readonly bytes: Buffer;
  readonly expected: Expectation | undefined;
}

/** How a client ends what it sends: it waits for the answer, sends no more, or leaves. */
export type Ending = 'waits' | 'is done' | 'leaves';

/** Everything that a client sends over one connection. */
export interface Connection {
  /** The bytes, in the pieces in which they are written. */
  readonly pieces: readonly Buffer[];
  readonly ending: Ending;
  /** What must answer each of its requests, or undefined where it sends something else too. */
  readonly expected: readonly Expectation[] | undefined;
  /** Whether it goes on behind the request that ends the connection, which no client may (RFC 9112 section 9.6). */
  readonly goesOn?: boolean;
}

/** Bytes as a word that printf understands. */
export function escaped(bytes: Buffer): string {
  const known: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\\': '\\\\', "'": '\\x27', '%': '%%' };
  return bytes
    .toString('latin1')
    .replaceAll(
      /[^ -&(-Z[\]-~]|[%\\]/g,
      (letter) => known[letter] ?? `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
}

/** What a client did, in lines that a shell can repeat. */
export function description({ pieces, ending }: Connection): string {
  return [`the client ${ending} after sending:`, ...pieces.map((piece) => `  printf '${escaped(piece)}'`)].join('\n');
}
