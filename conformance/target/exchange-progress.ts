import type { ClientRequest, IncomingMessage } from 'node:http';
import { connected } from './connection.ts';
import { IncompleteMessage, TimeLimitExceeded } from './failure.ts';
import { afterFreeTime } from './free-time.ts';
import type { TimeLimits } from './transport-settings.ts';

/** The number of interim responses that are awaited. Reading more costs time, and a server that works needs a few. */
const mostInterim = 1000;
const endlessInterim = `More than ${mostInterim} interim responses came, and none that is final`;

export class ExchangeProgress {
  isConnected = false;
  /** True if any byte of a response came. */
  hasBegun = false;
  /** True if the header of a response came that declares content which it cannot have: that may still come. */
  isComplete = false;
  #interim = 0;
  #received: number | undefined;

  constructor(outgoing: ClientRequest) {
    void connected(outgoing)
      .then(() => (this.isConnected = true))
      .catch(() => undefined);
    outgoing.once('socket', (socket) => {
      const note = () => (this.hasBegun = true);
      socket.prependOnceListener('data', note);
      outgoing.once('close', () => socket.off('data', note));
    });
    outgoing.on('information', () => {
      this.#interim++;
      if (this.#interim > mostInterim) outgoing.destroy(new IncompleteMessage(endlessInterim));
    });
    outgoing.once('response', (incoming) => {
      this.hasBegun = true;
      this.isComplete = endsWithHeader(incoming) && declaresContent(incoming);
      this.#received = 0;
    });
  }

  /** Counts bytes of the body. */
  receive(bytes: number): number {
    this.#received = (this.#received ?? 0) + bytes;
    return this.#received;
  }

  /** Calls back when a limit is exceeded. Returns a function that ends this. */
  watch(limits: TimeLimits, exceeded: (error: TimeLimitExceeded) => void): () => void {
    const isReached = { connect: () => this.isConnected, firstByte: () => this.hasBegun, total: () => false };
    const stops = (['connect', 'firstByte', 'total'] as const).map((name) =>
      afterFreeTime(limits[name], () => {
        if (!isReached[name]()) exceeded(new TimeLimitExceeded(name, limits[name], this.#description()));
      }),
    );
    return () => stops.forEach((stop) => stop());
  }

  #description(): string {
    if (this.#received !== undefined) return `its header came, and ${this.#received} bytes of the body`;
    return this.#interim === 0 ? 'its header did not come to an end' : `${this.#interim} interim responses came`;
  }
}

/** Tells whether a response has no content, whatever its header fields say (RFC 9112 section 6.3). */
export function endsWithHeader({ statusCode }: IncomingMessage): boolean {
  return statusCode === 204 || statusCode === 304;
}

function declaresContent({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
