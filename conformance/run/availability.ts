import type { Exchange, ReceivedResponse } from '../target/exchange.ts';
import type { Pace } from './pace.ts';

/** The target has no time for requests at present, which is nobody's violation. */
export class UnavailableTarget extends Error {}

/** The statuses by which a server says so, whatever it was asked (RFC 6585 section 4, RFC 9110 section 15.6.4). */
const advice: Readonly<Record<number, string>> = {
  429: 'send less with --rate N',
  503: 'run it again when it has time',
};

/** How often a request is sent again. */
const longestRepetition = 3;

/** How many requests may be in vain although they were sent again; later ones are sent once. */
const toleratedInVain = 3;

/** How long a run waits for a server in all, as long as no wait is of any use, in milliseconds. */
const patience = 20_000;

/** The first wait for a server that does not say how long it takes, in milliseconds; each further one is twice as long. */
const firstWait = 250;

/** Sends requests again that a server has no time for, when it wants them, and within bounds. */
export class Availability {
  readonly #pace: Pace;
  #waited = 0;
  #inVain = 0;
  #refusal: { readonly until: number; readonly reason: string } | undefined;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /**
   * Sends a request when its turn comes, and again if the server has no time for it.
   *
   * @throws UnavailableTarget if it still has none.
   */
  async answer(send: () => Promise<Exchange>): Promise<Exchange> {
    for (let count = 1; ; count++) {
      this.#assertWanted();
      if (!this.#pace.isFree) await this.#pace.turn();
      const exchange = await send();
      if (!isUnavailable(exchange.response)) {
        if (count > 1) this.#waited = this.#inVain = 0;
        return exchange;
      }
      this.#wait(exchange.response, count);
    }
  }

  /** A server that says when it has time again is not asked before. */
  #assertWanted(): void {
    if (this.#refusal === undefined || performance.now() >= this.#refusal.until) return;
    throw new UnavailableTarget(this.#refusal.reason);
  }

  #wait(response: ReceivedResponse, count: number): void {
    const asked = retryAfter(response);
    const wait = asked ?? firstWait * 2 ** (count - 1);
    const answer = `the target answered ${response.status}`;
    if (this.#waited + wait > patience) {
      const seconds = Math.ceil(wait / 1000);
      const reason = `${answer} and has no time for ${seconds} s: ${advice[response.status]}`;
      if (asked !== undefined) this.#refusal = { until: performance.now() + wait, reason };
      throw new UnavailableTarget(reason);
    }
    if (count > longestRepetition || this.#inVain >= toleratedInVain) {
      this.#inVain++;
      throw new UnavailableTarget(`${answer}, at whatever time it was asked: ${advice[response.status]}`);
    }
    this.#waited += this.#pace.hold(wait);
  }
}

function isUnavailable(response: ReceivedResponse | undefined): response is ReceivedResponse {
  return response !== undefined && Object.hasOwn(advice, response.status);
}

/** How long a server wants to be left alone, in milliseconds, if it says so (RFC 9110 section 10.2.3). */
export function retryAfter({ headers }: Pick<ReceivedResponse, 'headers'>, now = Date.now()): number | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Its own clock counts, if it tells the time.
  const moment = text.endsWith(' GMT') ? Date.parse(text) : Number.NaN;
  const clock = Date.parse(headers.date ?? '');
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - (Number.isNaN(clock) ? now : clock));
}
