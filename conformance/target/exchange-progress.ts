import type { ClientRequest, IncomingMessage } from 'node:http';
import { connected } from './connection.ts';
import { IncompleteMessage, TimeLimitExceeded } from './failure.ts';
import { afterFreeTime } from './free-time.ts';
import type { TimeLimits } from './transport-settings.ts';

/** How many interim responses are awaited: reading more costs time, and a server that works needs a few. */
const mostInterim = 1000;
const endlessInterim = `More than ${mostInterim} interim responses came, and none that is final`;

/** How far an exchange has come. */
export class ExchangeProgress {
  isConnected = false;
  /** Whether any byte of a response came. */
  hasBegun = false;
  /** Whether the response has no content, whatever its header fields say, and its header came. */
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
      this.isComplete = endsWithHeader(incoming);
      this.#received = 0;
    });
  }

  /** Counts bytes of the body. */
  receive(bytes: number): number {
    this.#received = (this.#received ?? 0) + bytes;
    return this.#received;
  }

  /** Calls back when a limit is exceeded, until it is told to stop. */
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

/** Whether a response has no content, whatever its header fields say (RFC 9112 section 6.3). */
export function endsWithHeader({ statusCode }: IncomingMessage): boolean {
  return statusCode === 204 || statusCode === 304;
}
