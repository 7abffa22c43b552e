import { setTimeout as sleep } from 'node:timers/promises';
import type { CallReading, Exchange } from '../target/exchange.ts';
import type { Fixture, OtherCall, Parties } from './fixture.ts';
import {
  isInVain,
  isOn,
  isSentTo,
  leftBy,
  listParties,
  presentParties,
  samePlace,
  shows,
  type Move,
  type Place,
} from './readings.ts';

/** The times that effects are waited for, shared by all calls of a run, in milliseconds. */
export interface Patience {
  /** For a transfer to show. */
  arrival: number;
  /** For a call that seems to have moved by mistake to show where it was: a replica may lag behind. */
  return: number;
}

/** The means by which the places of calls are seen. */
export interface CallWatchOptions {
  readonly fixture: Fixture;
  /** Reads a call, under an extension; it may have been shown before. */
  readonly read: (call: OtherCall, wasShown: boolean) => Promise<CallReading>;
  /** Tells whether a transfer may name a text as a party. */
  readonly isNumber: (text: string) => boolean;
  readonly patience: Patience;
  /** True if the call of another User can be read, with that User's token. */
  readonly readsForeign: boolean;
}

/** The number of times that a failing reading is tried, and of failures after which a call counts as unreadable. */
const toleratedFailures = 3;

/** The longest time that effects are waited for once one of them did not come in time, in milliseconds. */
const shortPatience = 100;

/** The shortest time between two looks at a call, in milliseconds, and the longest as a part of the time waited so far. */
const [pollInterval, pollShare] = [25, 0.1];

/** Knows where the calls of a fixture are and who is on them, from readings and from the transfers that succeeded. */
export class CallWatch {
  readonly #options: CallWatchOptions;
  readonly #known = new Map<string, CallReading>();
  readonly #shown = new Set<string>();
  /** The parties that the last success left on a call. */
  readonly #left = new Map<string, Parties>();
  readonly #underWay = new Map<string, Promise<CallReading>>();
  #reading: Promise<CallReading> | undefined;
  #upcoming: Promise<CallReading> | undefined;
  /** The readings of each call that failed one after the other. */
  readonly #failures = new Map<string, number>();
  #lateness = 0;
  /** The fixture as it is now, until a call is read or moves again: every request asks for it. */
  #present: Fixture | undefined;
  #origin: CallReading | undefined;
  #latest: CallReading | undefined;

  constructor(options: CallWatchOptions) {
    this.#options = options;
  }

  /** The first reading of the fixture's call that was not in vain, if there is one. */
  get origin(): CallReading | undefined {
    return this.#origin;
  }

  /**
   * The fixture with the parties as they are now. Its numbers are ordered: those first where the call is not, those that
   * every server accepts before others, and those where no other call is before those where one is.
   */
  get fixture(): Fixture {
    const { sendTo, spareCalls } = this.#options.fixture;
    const countOthers = (number: string) =>
      spareCalls.reduce((count, { call }) => count + Number(this.#isOn(call, number)), 0);
    this.#present ??= {
      ...this.#options.fixture,
      ...this.#parties(this.#options.fixture),
      spareCalls: spareCalls.map((spare) => ({ ...spare, ...this.#parties(spare) })),
      sendTo: sendTo.toSorted(
        (one, other) =>
          Number(this.isOnCall(one)) - Number(this.isOnCall(other)) ||
          Number(one.startsWith('+')) - Number(other.startsWith('+')) ||
          countOthers(one) - countOthers(other),
      ),
    };
    return this.#present;
  }

  /** The fixture's call, and the others that are watched when calls move: that of another User if it can be read. */
  get calls(): readonly [OtherCall, ...OtherCall[]] {
    const { extension, call, otherCalls, spareCalls, foreignCall } = this.#options.fixture;
    const others = [...otherCalls, ...spareCalls].map((other) => ({ extension: other.extension, call: other.call }));
    return [{ extension, call }, ...others, ...(this.#options.readsForeign && foreignCall ? [foreignCall] : [])];
  }

  /** The longest time after which a transfer showed so far, in milliseconds. */
  get lateness(): number {
    return this.#lateness;
  }

  /** True if the target says that the fixture's call does not exist, as far as it was read last. */
  get isGone(): boolean {
    return this.#latest?.outcome === 'unknown';
  }

  /** The number that the last transfer of the fixture's call sent it to, if one succeeded. */
  get sentTo(): readonly string[] {
    return [this.#left.get(this.#options.fixture.call)?.from ?? []].flat();
  }

  /** Finds a party in a reading of the fixture's call that it did not show at first, and that no transfer can name. */
  findStrangeParty(reading: CallReading): string | undefined {
    const first = this.#origin === undefined ? [] : listParties(this.#origin);
    return listParties(reading).find((party) => !first.includes(party) && !this.#options.isNumber(party));
  }

  /** True if a transfer of the fixture's call succeeded. */
  get wasTransferred(): boolean {
    return this.#left.has(this.#options.fixture.call);
  }

  /** Tells whether a number is on the fixture's call, as far as is known. */
  isOnCall(number: string): boolean {
    return this.#isOn(this.#options.fixture.call, number);
  }

  #isOn(call: string, number: string): boolean {
    const known = this.#known.get(call);
    if (known?.outcome === 'read') return shows(known, number);
    const left = this.#left.get(call);
    return left !== undefined && isOn(left, number);
  }

  #parties({ call, from, number }: OtherCall & Parties): Parties {
    const left = this.#left.get(call);
    // A server may accept a text that is not a number. Then the parties of the call are unknown.
    const isKnown = left !== undefined && [left.from, left.number].every(this.#options.isNumber);
    return presentParties(isKnown ? left : { from, number }, this.#known.get(call), this.#options.isNumber);
  }

  /** Notes whom a transfer left on its call, if it succeeded. */
  note(exchange: Exchange): void {
    const watched = [this.#options.fixture, ...this.#options.fixture.spareCalls];
    for (const candidate of watched.filter((each) => isSentTo(exchange, each))) {
      const left = leftBy(exchange, this.#left.get(candidate.call) ?? candidate);
      if (left !== undefined) this.#leave(candidate.call, left);
    }
  }

  /** Supposes that the last transfer of the fixture's call sent it to a number. */
  suppose(number: string): void {
    const { call } = this.#options.fixture;
    this.#leave(call, { ...(this.#left.get(call) ?? this.#options.fixture), from: number });
  }

  #leave(call: string, parties: Parties): void {
    this.#left.set(call, parties);
    this.#present = undefined;
  }

  /** Forgets where the calls were, so that they are read anew. */
  forget(): void {
    this.#known.clear();
    this.#present = undefined;
  }

  /** Returns where calls were when they were last read, or are now where that failed. */
  places(calls: readonly OtherCall[]): Promise<Place[]> {
    return Promise.all(
      calls.map(async (address) => {
        const known = this.#known.get(address.call);
        const again = known !== undefined && isInVain(known) && !this.#isUnreadable(address);
        const before = known === undefined || again ? await this.#readOnce(address) : known;
        return { ...address, before };
      }),
    );
  }

  /** Tells whether a call was never read, and is not worth trying any more. */
  #isUnreadable({ call }: OtherCall): boolean {
    return this.#countFailures(call) >= toleratedFailures && !this.#shown.has(call);
  }

  #countFailures(call: string): number {
    return this.#failures.get(call) ?? 0;
  }

  /** Reads a call, for all that ask before the answer comes. */
  #readOnce(address: OtherCall): Promise<CallReading> {
    const { call } = address;
    const reading = this.#underWay.get(call) ?? this.read(address).finally(() => this.#underWay.delete(call));
    this.#underWay.set(call, reading);
    return reading;
  }

  /**
   * Reads a call until it shows one of the numbers that it was sent to, or stands where it was if it was sent nowhere.
   *
   * @param isAlone - False if others may move the call meanwhile, so that one reading serves them all.
   */
  async settled(place: Place, sentTo: readonly string[], isAlone: boolean): Promise<Move> {
    if (place.before.outcome !== 'read') return { ...place, after: place.before };
    const isSent = sentTo.length > 0;
    const isSettled = (reading: CallReading) =>
      isSent ? sentTo.some((number) => shows(reading, number)) : samePlace(place.before, reading);
    let after = isAlone ? await this.read(place) : await this.#readTogether(place);
    const patience = isSent ? 'arrival' : 'return';
    if (isSent && !isAlone) return { ...place, after };
    const began = performance.now();
    const deadline = began + this.#options.patience[patience];
    // The last reading begins after the time is over: this thread may have been kept from reading before.
    let isOver = this.#options.patience[patience] === 0;
    while (after.outcome === 'read' && !isSettled(after) && !isOver) {
      await sleep(Math.max(pollInterval, (performance.now() - began) * pollShare));
      isOver = performance.now() >= deadline;
      after = await this.read(place);
    }
    if (isSent && isSettled(after)) this.#lateness = Math.max(this.#lateness, performance.now() - began);
    if (after.outcome === 'read' && !isSettled(after)) {
      // Where no effect ever shows, each is waited for half as long as the one before.
      const rest = Math.max(this.#options.patience.arrival / 2, 2 * this.#lateness);
      this.#options.patience[patience] = isSent ? Math.min(rest, shortPatience) : 0;
    }
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

  /** Reads a call; again, while that fails and may not. */
  async read(address: OtherCall): Promise<CallReading> {
    const { call } = address;
    const read = () => this.#options.read(address, this.#shown.has(call));
    let reading = await read();
    const attempts = this.#countFailures(call) < toleratedFailures ? toleratedFailures : 1;
    for (let attempt = 1; reading.outcome === 'failed' && attempt < attempts; attempt++) {
      await sleep(pollInterval * 2 ** attempt);
      reading = await read();
    }
    this.#failures.set(call, isInVain(reading) ? this.#countFailures(call) + 1 : 0);
    this.#known.set(call, reading);
    this.#present = undefined;
    if (reading.outcome === 'read') this.#shown.add(call);
    if (call === this.#options.fixture.call) {
      if (this.#origin === undefined || isInVain(this.#origin)) this.#origin = reading;
      this.#latest = reading;
    }
    return reading;
  }
}
