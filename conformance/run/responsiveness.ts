import type { Exchange } from '../target/exchange.ts';

/** The target stopped answering. */
export class UnresponsiveTarget extends Error {}

/** How the reasons begin of cases whose requests found no connection. */
export const unreachable = 'the target cannot be reached';

/** How many requests in a row may run into a time limit, unless somebody says otherwise. */
const usualTimeouts = 3;

/** How many requests in a row may find no connection at all. */
const toleratedDisconnections = 3;

/** Which requests are likely to be answered alike: by whether they keep to the contract, and by their method. */
export type RequestKind = `${'valid' | 'invalid'} ${string}`;

/** Knows whether there is any use in asking a target. */
export class Responsiveness {
  readonly #toleratedTimeouts: number;
  /** By kind of request, since a target may answer one and not the other. */
  readonly #timeouts = new Map<RequestKind, number>();
  #disconnections = 0;
  #reason = '';

  /** @param toleratedTimeouts - After how many requests in a row that ran into a time limit there is none. */
  constructor(toleratedTimeouts: number = usualTimeouts) {
    this.#toleratedTimeouts = toleratedTimeouts;
  }

  /**
   * Asserts that there is some use in sending a request.
   *
   * @param kind - Which requests are to be answered alike.
   * @throws UnresponsiveTarget
   */
  assert(kind: RequestKind): void {
    if (this.#disconnections >= toleratedDisconnections) {
      throw new UnresponsiveTarget(`${unreachable} any more: ${this.#reason}`);
    }
    const timeouts = this.#timeouts.get(kind) ?? 0;
    if (timeouts >= this.#toleratedTimeouts) {
      throw new UnresponsiveTarget(`${timeouts} ${kind} requests in a row ran into the time limit`);
    }
  }

  /** Takes note of what came of a request. */
  note(kind: RequestKind, { failure }: Exchange): void {
    const timeouts = this.#timeouts.get(kind) ?? 0;
    this.#timeouts.set(kind, failure?.kind === 'time-out' ? timeouts + 1 : 0);
    this.#disconnections = failure?.kind === 'connection' ? this.#disconnections + 1 : 0;
    this.#reason = failure?.message ?? '';
  }
}
