import { controlCase, type Case } from '../cases/case.ts';
import { documentedRefusals, refusalFor, type Suite } from '../cases/suite.ts';
import { formatRefusal } from '../contract/refusal.ts';
import type { PlacedCall } from '../call/call-source.ts';
import type { CallWatch } from '../call/call-watch.ts';
import type { Parties } from '../call/fixture.ts';
import {
  attachReadings,
  isAcceptedTransfer,
  isOn,
  listNumbers,
  readBody,
  readNumber,
  samePlace,
  shows,
  summarizeAnswer,
} from '../call/readings.ts';
import { succeeded, type Exchange, type Readings } from '../target/exchange.ts';
import type { CallReader } from './call-reader.ts';
import { isUnauthorized, type Gate } from './schedule.ts';
import type { Sender } from './sender.ts';

/** The time for which a refused transfer is watched for taking effect all the same, in milliseconds. */
const grace = 500;

/**
 * The times after which the call is looked at once all transfers were refused, in milliseconds: since those without
 * authorization, which come first, and since the last one. Others like it were sent long before it.
 */
const lookAfter = { unauthorized: 600, last: 250 };

/** The times after which a refused transfer is sent again, where the one before was accepted for later, in milliseconds. */
const retries = [100, 400, 1500];

/** The number of cases in a row that a transfer may be refused in before the call counts as used up. */
const toleratedRefusals = 3;

/** The outcome of a case's requests. */
export interface Performance {
  readonly exchanges: readonly Exchange[];
  readonly gone: Gone | undefined;
}

/** A call that cannot be transferred, or not any more. */
export interface Gone {
  /** The answer that says so, `400 pc_phoncall_invalid` for example. */
  readonly answer: string;
  /** The number that an invalid transfer left the call at, which no transfer can name. */
  readonly strangeParty?: string;
  readonly wasTransferred: boolean;
  /** The transfer that was refused: its parties, and whether the call showed the one that transfers; undefined if unread. */
  readonly asked?: { readonly from: string; readonly isSeen: boolean | undefined; readonly to: string };
}

/** Tells whether the target has broken something in some exchanges of a case. */
export type Blame = (exchanges: readonly Exchange[]) => boolean;

/** The calls of a case, and the lock that keeps cases from disturbing each other there. */
export interface Stage {
  readonly watch: CallWatch;
  readonly lock: Gate;
  /** The calls that a source placed for it. */
  readonly placed: readonly PlacedCall[];
}

interface Parts {
  readonly suite: Suite;
  readonly sender: Sender;
  readonly reader: CallReader;
  /** True if calls are placed for cases, so that none follows on the transfer of another. */
  readonly placesCalls: boolean;
}

/** Sends the requests of cases on a stage, and sees where they leave its calls. */
export class Performer {
  readonly #parts: Parts;
  /** The documented refusals, as `400 pc_phoncall_invalid`. */
  readonly #refusals: readonly string[];
  readonly #accepted = new Set<string>();
  /** True if a number that the call was sent to has transferred it. */
  #isPassedOn = false;
  /** The refusal of a party that has left. */
  readonly #partyGone: string;
  /** The answer to a transfer that was sent again, if it was refused. */
  #again: string | undefined;
  /** True if the last transfer was accepted for later (202), and calls cannot be read. */
  #isPending = false;
  /** The time that such a transfer took, as far as is known, in milliseconds. */
  #pendingTime = 0;
  /** The numbers that the last such transfers were sent to at once, of which one counts. */
  #rivals: readonly string[] = [];
  /** The cases since the last accepted transfer in which none was accepted any more; a call that is gone counts as all. */
  #refusedInARow = 0;
  /** The time of the last transfer without authorization, as `performance.now()` has it. */
  #unauthorizedAt = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#refusals = documentedRefusals(parts.suite).map(formatRefusal);
    this.#partyGone = formatRefusal(refusalFor(parts.suite, 'transferFromNumber'));
  }

  async perform(stage: Stage, testCase: Case, isBlamed: Blame): Promise<Performance> {
    const { lock, watch } = stage;
    const done = async (exchanges: readonly Exchange[]) => ({
      exchanges,
      gone: await this.#findGone(stage, exchanges),
    });
    if (testCase.madeUp !== undefined) await this.#parts.reader.assertUnknown(testCase, watch.fixture);
    if (testCase.effect === 'reads') return done(await this.#readFor(stage, testCase));
    if (testCase.effect === 'watches') return done(await this.#lookAfter(stage, testCase));
    if (testCase.effect === 'ends') return done(await lock.alone(() => this.#lookAtTheEnd(stage, testCase)));
    if (testCase.effect.startsWith('moves')) return lock.alone(() => this.#move(stage, testCase, isBlamed));
    // With one number only, and that of another User, a call that was moved by mistake shows nothing of the next mistake.
    const isAlone = watch.fixture.sendTo.length < 2 || testCase.needs.includes('foreign call');
    const exchanges = isAlone
      ? await lock.alone(() => this.#observe(stage, testCase))
      : await this.#performTogether(stage, testCase);
    if (isUnauthorized(testCase)) this.#unauthorizedAt = performance.now();
    return done(exchanges);
  }

  /** Sends a case's requests at the same time as those of others, and again alone if the call moved meanwhile. */
  async #performTogether(stage: Stage, testCase: Case): Promise<Exchange[]> {
    const exchanges = await stage.lock.use(() => this.#observe(stage, testCase));
    const readings = exchanges.at(-1)?.readings;
    const moved = readings?.after.outcome === 'read' && !samePlace(readings.before, readings.after);
    if (!moved || exchanges.some(succeeded)) return exchanges;
    return stage.lock.alone(async () => {
      stage.watch.forget();
      return this.#observe(stage, testCase);
    });
  }

  /**
   * Sends the transfers of a case. Where a call that was transferred before is refused, another transfer tells whether it
   * can be transferred at all. If it can, and a number that is on the call already was refused, the case is repeated.
   */
  async #move(stage: Stage, testCase: Case, isBlamed: Blame): Promise<Performance> {
    const { watch } = stage;
    const present = watch.fixture.sendTo.filter((number) => watch.isOnCall(number));
    const exchanges = await this.#observeInTime(stage, testCase);
    const gone = await this.#findGone(stage, exchanges);
    if (gone?.wasTransferred === true) this.#refusedInARow = toleratedRefusals;
    const refused = exchanges.filter((exchange) => this.#isRefused(exchange));
    if (gone !== undefined || refused.length === 0 || !watch.wasTransferred) return { exchanges, gone };
    const isExpected = testCase.control !== undefined || exchanges.some(succeeded);
    if (isExpected && !isBlamed(exchanges)) return { exchanges, gone };
    if (await this.#parts.reader.isHidden(watch)) return { exchanges, gone };
    watch.forget();
    const [place] = await watch.places([watch.calls[0]]);
    const fixture = watch.fixture;
    // A number that was never accepted tells nothing.
    const numbers = fixture.sendTo.filter((each) => this.#accepted.has(each));
    const number = numbers[0] ?? fixture.sendTo[0] ?? '';
    const ask = async (parties: Parties): Promise<string | undefined> => {
      const probe = await this.#parts.sender.send(this.#parts.sender.control({ ...fixture, ...parties }, number));
      watch.note(probe);
      // A server that shows transfers late would seem to move the call for the next case.
      if (place !== undefined && succeeded(probe)) await watch.settled(place, [number], true);
      else watch.forget();
      return this.#isRefused(probe) ? summarizeAnswer(probe) : undefined;
    };
    const { from } = fixture;
    const answer = await ask(fixture);
    const isSeen = place?.before.outcome === 'read' ? shows(place.before, from) : undefined;
    // Where another number that the call was sent to could transfer it, a party that the call shows is refused for itself.
    const isOne = answer !== undefined && this.#isPassedOn && isSeen === true;
    if (answer !== undefined && !(isOne && (await ask({ from: fixture.number, number: from })) === undefined)) {
      this.#refusedInARow++;
      return { exchanges, gone: { answer, wasTransferred: true, asked: { from, isSeen, to: number } } };
    }
    // Of transfers one by one, only the first meets the call where it was.
    const earliest = testCase.order === undefined ? exchanges.slice(0, 1) : exchanges;
    const isMoot = earliest.some((each) => this.#isRefused(each) && present.includes(readNumber(each.request) ?? ''));
    return { exchanges: isMoot ? await this.#observe(stage, testCase) : exchanges, gone };
  }

  /**
   * Sends the transfers of a case, and again while they are refused because the one before may not have taken effect yet:
   * it was accepted for later, and nothing shows when.
   */
  async #observeInTime(stage: Stage, testCase: Case): Promise<Exchange[]> {
    const began = performance.now();
    const isPending = this.#isPending && !this.#parts.placesCalls && this.#refusedInARow < toleratedRefusals;
    // What must be refused does not tell whether it came too early.
    if (isPending) await this.#parts.sender.wait(Math.max(this.#pendingTime, testCase.breaks.length > 0 ? grace : 0));
    let exchanges = await this.#observe(stage, testCase);
    if (!isPending || testCase.breaks.length > 0) return exchanges;
    for (const next of [...retries, ...this.#rivals]) {
      if (exchanges.some(succeeded) || !exchanges.some((exchange) => this.#isRefused(exchange))) break;
      if (typeof next === 'number') await this.#parts.sender.wait(next);
      else stage.watch.suppose(next);
      exchanges = await this.#observe(stage, testCase);
      if (exchanges.some(succeeded) && typeof next === 'number') this.#pendingTime = performance.now() - began;
    }
    return exchanges;
  }

  /** Finds the answer that says that the call does not exist, if it could not be read before either by any path. */
  async #findGone({ watch }: Stage, exchanges: readonly Exchange[]): Promise<Gone | undefined> {
    const last = exchanges.at(-1);
    const before = last?.readings?.before;
    const strangeParty = before && watch.findStrangeParty(before);
    if (last !== undefined && strangeParty !== undefined && !exchanges.some(succeeded))
      return { answer: summarizeAnswer(last), strangeParty, wasTransferred: true };
    if (before?.outcome !== 'unknown') return undefined;
    const answer = exchanges.map(summarizeAnswer).find((each) => this.#parts.reader.saysGone(each));
    if (answer === undefined || (await this.#parts.reader.isHidden(watch))) return undefined;
    return { answer, wasTransferred: watch.wasTransferred };
  }

  #isRefused(exchange: Exchange): boolean {
    return this.#refusals.includes(summarizeAnswer(exchange));
  }

  /** Sends a case's requests, and reads before and after where they leave the calls. */
  async #observe({ watch }: Stage, testCase: Case): Promise<Exchange[]> {
    const isAlone = testCase.effect !== 'keeps';
    const isForeign = testCase.needs.includes('foreign call');
    const places = await watch.places(
      watch.calls.filter(({ user }, index) => isAlone || index === 0 || (isForeign && user !== undefined)),
    );
    const { sendTo } = watch.fixture;
    const sent: Exchange[] = [];
    const settle = (isOver: boolean) =>
      Promise.all(
        places.map((place) => {
          const numbers = listNumbers(place, sent);
          numbers.forEach((number) => this.#accepted.add(number));
          // Of several transfers one by one, the last decides where the call is.
          const awaited = isOver && testCase.order === 'at once' ? numbers : numbers.slice(-1);
          return watch.settled(place, isAlone ? awaited : numbers, isAlone || place.user !== undefined);
        }),
      );
    const exchanges = await this.#parts.sender.sendCase(
      testCase,
      () => ({ ...watch.fixture, sendTo }),
      async (exchange, isLast) => {
        sent.push(exchange);
        watch.note(exchange);
        if (!isAcceptedTransfer(exchange)) return;
        this.#isPassedOn ||= this.#accepted.has(String(readBody(exchange.request)?.transferFromNumber));
        if (isLast) return;
        await settle(false);
        if (this.#isPending) await this.#parts.sender.wait(this.#pendingTime);
      },
    );
    // Of several transfers at once, another may show later, and so may one that was refused.
    const isRefused = isAlone && testCase.breaks.length === 0 && !exchanges.some(succeeded);
    if (testCase.order === 'at once' || isRefused) await this.#parts.sender.wait(watch.lateness);
    const observed = attachReadings(exchanges, await settle(true));
    const accepted = exchanges.findLast(isAcceptedTransfer);
    if (accepted !== undefined) {
      this.#refusedInARow = 0;
      this.#isPending = accepted.response?.status === 202 && observed.at(-1)?.readings?.after.outcome !== 'read';
      this.#rivals = testCase.order === 'at once' ? [...new Set(listNumbers(watch.calls[0], exchanges))] : [];
    }
    const [first, again] = exchanges;
    if (testCase.order === 'unchanged' && first !== undefined && again !== undefined && succeeded(first)) {
      this.#again = this.#isRefused(again) ? summarizeAnswer(again) : undefined;
    }
    return testCase.order === 'at once' ? this.#countRivals(observed) : observed;
  }

  /**
   * Counts the successes of transfers at once, if one by one only the first would succeed: they are the same transfer, or
   * all name a party that leaves. What is accepted for later (202) may still be refused, and a transfer to a party of the
   * call may leave it as it is.
   */
  #countRivals(exchanges: readonly Exchange[]): Exchange[] {
    const again = this.#again;
    const isOneCall = new Set(exchanges.map(({ request }) => request.path)).size === 1;
    const isSame = new Set(exchanges.map(({ request }) => request.body)).size === 1;
    const isMove = exchanges.every(({ request }) => {
      const { sendCallTo, transferFromNumber: from, transferNumber: number } = readBody(request) ?? {};
      return !isOn({ from: String(from), number: String(number) }, String(sendCallTo));
    });
    if (again === undefined || !isOneCall || !isMove || (!isSame && again !== this.#partyGone)) return [...exchanges];
    const successes = exchanges.filter((each) => succeeded(each) && each.response?.status !== 202).length;
    const rivals = { again, successes };
    return exchanges.map((each) => ({ ...each, ...(each.readings && { readings: { ...each.readings, rivals } }) }));
  }

  /** Sends the readings of a case. Those that must be refused are told whether calls can be read at all. */
  async #readFor({ watch }: Stage, testCase: Case): Promise<Exchange[]> {
    const isRefused = testCase.control !== undefined && testCase.control !== controlCase;
    const places = isRefused ? await watch.places([watch.calls[0]]) : [];
    const exchanges = await this.#parts.sender.sendCase(testCase, () => watch.fixture);
    return attachReadings(
      exchanges,
      places.map((place) => ({ ...place, after: place.before })),
    );
  }

  /** Looks whether the calls are still where the last transfers left them. */
  async #lookAtTheEnd(stage: Stage, testCase: Case): Promise<Exchange[]> {
    const exchanges = await this.#observe(stage, testCase);
    const sentTo = stage.watch.sentTo;
    return exchanges.map((each) => ({ ...each, ...(each.readings && { readings: { ...each.readings, sentTo } }) }));
  }

  /** Looks after a while whether the call is still where it was when the run began. */
  async #lookAfter({ watch }: Stage, testCase: Case): Promise<Exchange[]> {
    const sinceUnauthorized = performance.now() - this.#unauthorizedAt;
    await this.#parts.sender.wait(Math.max(lookAfter.last, lookAfter.unauthorized - sinceUnauthorized));
    const [call] = watch.calls;
    const before = watch.origin ?? (await watch.read(call));
    const exchanges = await this.#parts.sender.sendCase(testCase, () => watch.fixture);
    const after = before.outcome === 'read' ? await watch.read(call) : before;
    const readings: Readings = { before, after, sentTo: [...this.#accepted], others: [] };
    return exchanges.map((exchange) => ({ ...exchange, readings }));
  }
}
