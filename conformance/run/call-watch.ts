import { setTimeout as sleep } from 'node:timers/promises';
import { isInternational } from '../cases/case.ts';
import { planReading, withPath } from '../cases/plan.ts';
import type { CallReading } from '../target/exchange.ts';
import type { Fixture, OtherCall } from '../call/fixture.ts';
import { isInVain, parseReading, shows, type Move, type Place } from '../call/readings.ts';
import { UnavailableTarget, UnresponsiveTarget } from './traffic.ts';
import type { Sender } from './sender.ts';

/** How long transfers are waited for, shared by all calls of a run, in milliseconds. */
export interface Patience {
  limit: number;
}

/** How many readings in a row may fail before calls count as unreadable. */
const toleratedFailures = 3;

/** How long transfers are waited for once one of them had no effect in time, in milliseconds. */
const shortPatience = 100;

/** How long to wait between two looks at a call that is on its way, in milliseconds. */
const pollInterval = 25;

/** Knows where the calls of a fixture are, by reading them. */
export class CallWatch {
  readonly #sender: Sender;
  readonly #fixture: Fixture;
  readonly #unknownCode: string | undefined;
  readonly #patience: Patience;
  readonly #known = new Map<string, CallReading>();
  readonly #underWay = new Map<string, Promise<CallReading>>();
  #reading: Promise<CallReading> | undefined;
  #upcoming: Promise<CallReading> | undefined;
  #failures = 0;
  #origin: CallReading | undefined;
  #latest: CallReading | undefined;

  /** @param unknownCode - The code that answers the id of no existing call. */
  constructor(sender: Sender, fixture: Fixture, unknownCode: string | undefined, patience: Patience) {
    this.#sender = sender;
    this.#fixture = fixture;
    this.#unknownCode = unknownCode;
    this.#patience = patience;
  }

  /** The first reading of the fixture's call that was not in vain, if there is one. */
  get origin(): CallReading | undefined {
    return this.#origin;
  }

  /**
   * The fixture, its numbers ordered: those first where the call is not, those that every server accepts before others,
   * and those where no other call is before those where one is.
   */
  get fixture(): Fixture {
    const { call, sendTo, otherCalls } = this.#fixture;
    const isThere = (number: string, id: string) => {
      const place = this.#known.get(id);
      return Number(place !== undefined && shows(place, number));
    };
    const countOf = (number: string) => otherCalls.reduce((count, other) => count + isThere(number, other.call), 0);
    return {
      ...this.#fixture,
      sendTo: sendTo.toSorted(
        (one, other) =>
          isThere(one, call) - isThere(other, call) ||
          Number(isInternational(one)) - Number(isInternational(other)) ||
          countOf(one) - countOf(other),
      ),
    };
  }

  /** The fixture's own call. */
  get call(): OtherCall {
    return { extension: this.#fixture.extension, call: this.#fixture.call };
  }

  /** Whether the target says that the fixture's call does not exist, as far as it was read last. */
  get isGone(): boolean {
    return this.#latest?.outcome === 'unknown';
  }

  /** Forgets where the calls were, so that they are read anew. */
  forget(): void {
    this.#known.clear();
  }

  /** Where calls were when they were last read, or are now where that failed. */
  places(calls: readonly OtherCall[]): Promise<Place[]> {
    return Promise.all(
      calls.map(async (address) => {
        const known = this.#known.get(address.call);
        const again = known !== undefined && isInVain(known) && this.#failures < toleratedFailures;
        const before = known === undefined || again ? await this.#readOnce(address) : known;
        return { ...address, before };
      }),
    );
  }

  /** Reads a call, for all that ask before the answer comes. */
  #readOnce(address: OtherCall): Promise<CallReading> {
    const { call } = address;
    const reading = this.#underWay.get(call) ?? this.read(address).finally(() => this.#underWay.delete(call));
    this.#underWay.set(call, reading);
    return reading;
  }

  /** Reads a call, and if that is waited for, until it shows one of the numbers that it was sent to. */
  async settled(place: Place, sentTo: readonly string[], waits: boolean): Promise<Move> {
    if (place.before.outcome !== 'read') return { ...place, after: place.before };
    if (!waits) return { ...place, after: await this.#readTogether(place) };
    const { limit } = this.#patience;
    const deadline = performance.now() + limit;
    const arrived = () => sentTo.length === 0 || sentTo.some((number) => shows(after, number));
    let after = await this.read(place);
    // The last reading begins after the time is over: this thread may have been kept from reading before.
    let isOver = limit === 0;
    while (!arrived() && !isOver) {
      await sleep(pollInterval);
      isOver = performance.now() >= deadline;
      after = await this.read(place);
    }
    if (!arrived()) this.#patience.limit = Math.min(this.#patience.limit, shortPatience);
    return { ...place, after };
  }

  /** Reads the fixture's call for all that ask meanwhile: with a reading that begins after they asked. */
  #readTogether(place: OtherCall): Promise<CallReading> {
    this.#upcoming ??= (this.#reading ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#upcoming = undefined;
        return (this.#reading = this.read(place));
      });
    return this.#upcoming;
  }

  /** Reads a call. */
  async read({ extension, call }: OtherCall): Promise<CallReading> {
    const plan = planReading(withPath(this.#sender.control(this.#fixture, ''), { extension, phoneCallId: call }));
    const reading = await this.#sender
      .send(plan)
      .then((exchange) => parseReading(exchange, call, this.#unknownCode), unansweredReading);
    this.#known.set(call, reading);
    this.#failures = isInVain(reading) ? this.#failures + 1 : 0;
    if (call === this.#fixture.call) {
      if (this.#origin === undefined || isInVain(this.#origin)) this.#origin = reading;
      this.#latest = reading;
    }
    return reading;
  }
}

/**
 * Returns the reading of a call that was not answered, for which a transfer is not to blame.
 *
 * @throws The error itself, if it says anything else.
 */
function unansweredReading(error: Error): CallReading {
  if (!(error instanceof UnavailableTarget || error instanceof UnresponsiveTarget)) throw error;
  return { outcome: 'unanswered', destinations: [], description: error.message };
}
