import type { Connection } from './connection.ts';

/**
 * Makes what a connection sends smaller, as long as it stays bad: first it is one piece, then spans are cut out of it,
 * half of it at first, one byte in the end.
 *
 * @param isBad - Tells whether a connection is bad.
 * @param tries - How often that may be asked.
 */
export async function shrunk(
  connection: Connection,
  isBad: (candidate: Connection) => Promise<boolean>,
  tries: number,
): Promise<Connection> {
  let left = tries;
  const attempt = async (candidate: Connection): Promise<boolean> => left-- > 0 && isBad(candidate);
  let best = connection;
  const whole = { ...best, pieces: [Buffer.concat(best.pieces)] };
  if (best.pieces.length > 1 && (await attempt(whole))) best = whole;
  for (let size = Math.ceil(bytesIn(best) / 2); size >= 1 && left > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < bytesIn(best) && left > 0;) {
      // What is cut changes what is to be expected.
      const candidate = { ...best, pieces: without(best.pieces, start, size), expected: undefined };
      if (await attempt(candidate)) best = candidate;
      else start += size;
    }
  }
  return best;
}

function bytesIn({ pieces }: Connection): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function without(pieces: readonly Buffer[], start: number, size: number): Buffer[] {
  let position = 0;
  return pieces.map((piece) => {
    const from = Math.max(0, start - position);
    const to = Math.max(0, start + size - position);
    position += piece.length;
    return Buffer.concat([piece.subarray(0, from), piece.subarray(to)]);
  });
}
