import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange, ReceivedResponse } from '../target/exchange.ts';

/** Spaces requests in time, and can hold all of them back for a while. */
export class Pace {
  readonly #interval: number;
  readonly #signal: AbortSignal | undefined;
  #next = 0;
  #heldUntil = 0;

  /**
   * @param rate - Requests per second; unlimited if left out.
   * @param signal - Ends every wait with its reason.
   */
  constructor(rate?: number, signal?: AbortSignal) {
    this.#interval = rate === undefined ? 0 : 1000 / rate;
    this.#signal = signal;
  }

  /** True if any number of requests may begin now. */
  get isFree(): boolean {
    return this.#interval === 0 && performance.now() >= this.#heldUntil;
  }

  /** Waits until the next request may begin. */
  async turn(): Promise<void> {
    do {
      const now = performance.now();
      const begins = Math.max(now, this.#next, this.#heldUntil);
      this.#next = begins + this.#interval;
      await this.#sleep(begins - now);
      // All requests may have been held back meanwhile.
    } while (performance.now() < this.#heldUntil);
  }

  /**
   * Holds back all requests for a while.
   *
   * @returns How much longer requests wait than before, in milliseconds.
   */
  hold(milliseconds: number): number {
    const before = Math.max(performance.now(), this.#heldUntil);
    this.#heldUntil = Math.max(before, performance.now() + milliseconds);
    return this.#heldUntil - before;
  }

  async #sleep(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    try {
      // A timer may be early by a part of a millisecond.
      await sleep(Math.ceil(milliseconds) + 1, undefined, { signal: this.#signal });
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw error;
    }
  }
}

/** The target is busy: a reason for an unreached case, not a violation. */
export class UnavailableTarget extends Error {}

/** Statuses of a busy server (RFC 6585 section 4, RFC 9110 section 15.6.4), each with what helps. */
const advice: Readonly<Record<number, string>> = {
  429: 'send less with --rate N',
  503: 'run it again when it has time',
};

/** The number of times that a request is sent again to a server that names the time. */
const longestRepetition = 3;

/** The number of requests that may stay unanswered though they were repeated; later ones are sent once. */
const toleratedInVain = 3;

/** The time that a run waits in all while no wait helps, in milliseconds. */
const patience = 20_000;

/**
 * The first wait for a server without Retry-After, and the last one, in milliseconds; each wait is twice as long as the one
 * before. The first is halved where a server then serves at once, which refuses one request in five for example.
 */
const [shortestWait, firstWait, longestWait] = [25, 250, 1000];

/** The number of times that a request is sent again which found no connection, though others did: servers restart. */
const longestRestart = 4;

/** Repeats requests that a busy or restarting server did not serve, within limits. */
export class Availability {
  readonly #pace: Pace;
  readonly #isDown: () => Promise<boolean>;
  #served = 0;
  #waited = 0;
  #inVain = 0;
  #firstWait = firstWait;
  #refusal: { readonly until: number; readonly reason: string } | undefined;

  /** @param isDown - Tells whether the target takes no connections at present. */
  constructor(pace: Pace, isDown: () => Promise<boolean> = () => Promise.resolve(false)) {
    this.#pace = pace;
    this.#isDown = isDown;
  }

  /**
   * Sends a request when its turn comes, and again if the server is busy. Where others are served meanwhile, that is not
   * in vain. So is one that was under way when the server went down: a request that made it crash does so again.
   *
   * @throws UnavailableTarget if it is still busy.
   */
  async answer(send: () => Promise<Exchange>): Promise<Exchange> {
    let served = this.#served;
    let broken: Exchange | undefined;
    for (let total = 1, count = 1; ; total++, count++) {
      this.#assertWanted();
      if (!this.#pace.isFree) await this.#pace.turn();
      const exchange = await send();
      const { response, failure } = exchange;
      const isBroken = failure?.kind === 'closed' && broken === undefined && (await this.#isDown());
      if (isBroken) broken = exchange;
      const isLost = isBroken || (failure?.kind === 'connection' && this.#served > 0);
      if (isUnavailable(response)) {
        if (this.#served > served) count = 1;
        served = this.#served;
        this.#wait(response, count);
      } else if (isLost && total <= longestRestart && this.#inVain < toleratedInVain) {
        this.#pace.hold(firstWait * 2 ** (total - 1));
      } else {
        if (isLost) this.#inVain++;
        else if (total > 1) {
          this.#waited = this.#inVain = 0;
          this.#firstWait = count > 2 ? firstWait : Math.max(shortestWait, this.#firstWait / 2);
        }
        if (failure === undefined) this.#served++;
        return failure?.kind === 'connection' && broken !== undefined ? broken : exchange;
      }
    }
  }

  /** Spares a server until the time that it named. */
  #assertWanted(): void {
    if (this.#refusal === undefined || performance.now() >= this.#refusal.until) return;
    throw new UnavailableTarget(this.#refusal.reason);
  }

  #wait(response: ReceivedResponse, count: number): void {
    const asked = retryAfter(response);
    const wait = asked ?? this.#firstWait * 2 ** (count - 1);
    const answer = `the target answered ${response.status}`;
    if (this.#waited + wait > patience) {
      const seconds = Math.ceil(wait / 1000);
      const reason = `${answer} and has no time for ${seconds} s: ${advice[response.status]}`;
      if (asked !== undefined) this.#refusal = { until: performance.now() + wait, reason };
      throw new UnavailableTarget(reason);
    }
    const isLast = asked === undefined ? wait > longestWait : count > longestRepetition;
    if (isLast || this.#inVain >= toleratedInVain) {
      this.#inVain++;
      throw new UnavailableTarget(`${answer}, at whatever time it was asked: ${advice[response.status]}`);
    }
    this.#waited += this.#pace.hold(wait);
  }
}

function isUnavailable(response: ReceivedResponse | undefined): response is ReceivedResponse {
  return response !== undefined && Object.hasOwn(advice, response.status);
}

/** Returns the time that a server asks for in Retry-After, in milliseconds (RFC 9110 section 10.2.3). */
export function retryAfter({ headers }: Pick<ReceivedResponse, 'headers'>, now = Date.now()): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // The clock of the server counts, if the answer has a Date.
  const moment = text.endsWith(' GMT') ? Date.parse(text) : Number.NaN;
  const clock = Date.parse(headers.date ?? '');
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - (Number.isNaN(clock) ? now : clock));
}

/** The target stopped answering. */
export class UnresponsiveTarget extends Error {}

/** The beginning of the reason of a case whose requests found no connection. */
export const unreachable = 'the target cannot be reached';

/** The number of consecutive requests that may time out, by default. */
const usualTimeouts = 3;

/** The number of timeouts of all kinds that are tolerated, in a row and in all, as multiples of those of one kind. */
const [allKindsInARow, allKindsInAll] = [2, 8];

/** The number of timeouts in a row that are tolerated less where no case is about the request. */
const fewerBetween = 1;

/** The number of consecutive requests that may find no connection. */
const toleratedDisconnections = 3;

/**
 * Requests that are likely to be answered alike: by their validity and method. Those between cases are counted apart, so
 * that the cases of readings still can tell where they were in vain.
 */
export type RequestKind = `${'valid' | 'invalid' | 'other'} ${string}`;

/** Decides from past requests whether a target still answers. */
export class Responsiveness {
  readonly #toleratedTimeouts: number;
  /** By kind of request, since a target may answer one and not the other. */
  readonly #timeouts = new Map<RequestKind, number>();
  /** Since the last answer, by kind: one kind that is never answered tells nothing of the others. */
  readonly #timeoutsInARow = new Map<RequestKind, number>();
  #timeoutsInAll = 0;
  #hasAnswered = false;
  #disconnections = 0;
  #reason = '';

  /** @param toleratedTimeouts - The number of consecutive timeouts after which a target counts as unresponsive. */
  constructor(toleratedTimeouts: number = usualTimeouts) {
    this.#toleratedTimeouts = toleratedTimeouts;
  }

  /**
   * Asserts that the target still answers requests of a kind.
   *
   * @throws UnresponsiveTarget
   */
  assert(kind: RequestKind): void {
    if (this.#disconnections >= toleratedDisconnections) {
      throw new UnresponsiveTarget(`${unreachable} any more: ${this.#reason}`);
    }
    const timeouts = this.#timeouts.get(kind) ?? 0;
    const tolerated = this.#toleratedTimeouts;
    if (timeouts >= (kind.startsWith('other') ? Math.max(1, tolerated - fewerBetween) : tolerated)) {
      throw new UnresponsiveTarget(`${timeouts} ${kind} requests in a row ran into the time limit`);
    }
    // Each costs its whole time limit, so that a server which is silent or often fails would take minutes.
    const inARow = [...this.#timeoutsInARow.values()].map((count) => Math.min(count, tolerated));
    const sum = inARow.reduce((total, count) => total + count, 0);
    if (sum >= (this.#hasAnswered ? tolerated * allKindsInARow : Math.max(allKindsInARow, tolerated))) {
      throw new UnresponsiveTarget(`${sum} requests in a row ran into the time limit`);
    }
    if (this.#timeoutsInAll >= tolerated * allKindsInAll) {
      throw new UnresponsiveTarget(`${this.#timeoutsInAll} requests ran into the time limit`);
    }
  }

  note(kind: RequestKind, { failure }: Exchange): void {
    const timeouts = this.#timeouts.get(kind) ?? 0;
    const isTimeout = failure?.kind === 'time-out';
    this.#timeouts.set(kind, isTimeout ? timeouts + 1 : 0);
    if (isTimeout) this.#timeoutsInARow.set(kind, (this.#timeoutsInARow.get(kind) ?? 0) + 1);
    else {
      this.#timeoutsInARow.clear();
      this.#hasAnswered = true;
    }
    this.#timeoutsInAll += isTimeout ? 1 : 0;
    this.#disconnections = failure?.kind === 'connection' ? this.#disconnections + 1 : 0;
    this.#reason = failure?.message ?? '';
  }
}
