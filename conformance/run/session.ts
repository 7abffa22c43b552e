import { setTimeout as sleep } from 'node:timers/promises';
import { controlCase, type Case } from '../cases/case.ts';
import { planReading, withOtherToken, withPath, type RequestPlan } from '../cases/plan.ts';
import { documentedRefusals, refusalFor, type Suite } from '../cases/suite.ts';
import { randomId } from '../cases/scenarios/unknown.ts';
import { formatRefusal } from '../contract/refusal.ts';
import { succeeded, type CallReading, type Exchange, type Readings } from '../target/exchange.ts';
import { createTokenSource, type TokenSource } from '../target/authorization.ts';
import type { CallSource, PlacedCall } from '../call/call-source.ts';
import { CallWatch, type Patience } from '../call/call-watch.ts';
import { callsIn, fixtureFlags, type Fixture, type OtherCall } from '../call/fixture.ts';
import { PlacedCalls } from '../call/placed-calls.ts';
import {
  attachReadings,
  isAcceptedTransfer,
  isOn,
  listNumbers,
  parseReading,
  readBody,
  readNumber,
  samePlace,
  summarizeAnswer,
} from '../call/readings.ts';
import type { Target } from './target.ts';
import { Gate } from './schedule.ts';
import { Sender } from './sender.ts';
import { UnavailableTarget, UnresponsiveTarget } from './traffic.ts';

/** The time for which a refused transfer is watched for taking effect all the same, in milliseconds. */
const grace = 500;

/** The longest time for which a call may show another place after a refusal, in milliseconds. */
const longestReturn = 1000;

/** The times after which a refused transfer is sent again, where the one before was accepted for later, in milliseconds. */
const retries = [100, 400, 1500];

/** The number of calls in a row that may be gone before they were ever seen: the target may not show any. */
const toleratedUnseen = 3;

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
}

/** An id that is meant to be of no call is one of a live call. */
export class LivePresumption extends Error {}

type Blame = (exchanges: readonly Exchange[]) => boolean;

/** The options of a session besides its suite and target. */
export interface SessionOptions {
  readonly source: CallSource | undefined;
  /** Ends the session early: whatever is under way fails with its reason. */
  readonly signal: AbortSignal | undefined;
}

/** The calls of a case, and the lock that keeps cases from disturbing each other there. */
interface Stage {
  readonly watch: CallWatch;
  readonly lock: Gate;
  /** The calls that a source placed for it. */
  readonly placed: readonly PlacedCall[];
}

/** Sends the requests of cases to one target, and sees where they leave the calls. */
export class Session {
  readonly #fixture: Partial<Fixture>;
  readonly #hasOtherToken: boolean;
  readonly #sender: Sender;
  readonly #tokens: TokenSource;
  readonly #calls: PlacedCalls | undefined;
  readonly #patience: Patience;
  /** The answers to valid requests about a call that is gone, or to its path alone: `400 pc_phoncall_invalid`. */
  readonly #refusals: Readonly<Record<'any' | 'path', readonly string[]>>;
  /** The number of cases that may have calls of their own at once. */
  readonly #slots: Gate;
  readonly #accepted = new Set<string>();
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
  readonly #numbers = new Map<string, boolean>();
  /** Tells of calls that their own paths never showed whether aliases do. */
  readonly #hidden = new WeakMap<CallWatch, Promise<boolean>>();
  #shared: Promise<Stage> | undefined;
  #unseen = 0;
  #hasShownCall = false;
  /** The calls that the user named besides the main one, with their options, and what reading them came to. */
  readonly #namedOthers: readonly (readonly [flag: string, call: string])[];
  readonly #outcomes = new Map<string, CallReading>();

  constructor(suite: Suite, target: Target, { source, signal }: SessionOptions) {
    this.#fixture = target.fixture;
    this.#hasOtherToken = target.otherToken !== undefined;
    const { otherCalls = [], foreignCall } = target.fixture;
    const isPresumed = target.presumed?.includes('otherCalls') === true;
    this.#namedOthers = [
      ...(isPresumed ? [] : otherCalls.map(({ call }) => [fixtureFlags.otherCalls, call] as const)),
      ...(foreignCall ? [[fixtureFlags.foreignCall, foreignCall.call] as const] : []),
    ];
    this.#tokens = createTokenSource(target);
    this.#sender = new Sender(suite, target, this.#tokens, signal);
    this.#calls = source && this.#placeCalls(source, target, signal);
    this.#patience = { arrival: target.effectTimeout, return: Math.min(target.effectTimeout, longestReturn) };
    this.#refusals = {
      any: documentedRefusals(suite).map(formatRefusal),
      path: documentedRefusals(suite, 'path').map(formatRefusal),
    };
    this.#partyGone = formatRefusal(refusalFor(suite, 'transferFromNumber'));
    this.#slots = new Gate(target.concurrency);
  }

  /** True if the target showed the call that all cases share. */
  get hasShownCall(): boolean {
    return this.#hasShownCall;
  }

  /** Returns a text without any token of the run, and without the client's secret. */
  hide(text: string): string {
    return this.#tokens.hide(text);
  }

  /**
   * Sends a case's requests when its turn comes: on calls that all cases share, or, from a source of calls, on a fresh
   * one if the case moves it.
   *
   * @param isBlamed - Tells whether the target has broken something in some exchanges of the case.
   * @throws UnsoundCase, ForbiddenRequest, UnresponsiveTarget, CallSourceFailure or TokenFailure.
   */
  perform(testCase: Case, isBlamed: Blame): Promise<Performance> {
    const calls = this.#calls;
    if (calls === undefined || !testCase.effect.startsWith('moves')) return this.#performOnShared(testCase, isBlamed);
    return this.#performOnOwn(calls, testCase, isBlamed);
  }

  /** Ends the calls that were placed, lets go of the target, and tells which calls could not be ended. */
  async close(): Promise<readonly string[]> {
    const remarks = (await this.#calls?.close()) ?? [];
    this.#sender.close();
    return [...remarks, ...this.#describeUnshown()];
  }

  /** Tells which of the calls that the user named was never shown, though the main one was: it may not be live. */
  #describeUnshown(): string[] {
    if (!this.#hasShownCall) return [];
    return this.#namedOthers.flatMap(([flag, call]) => {
      const last = this.#outcomes.get(call);
      return last === undefined || last.outcome === 'read'
        ? []
        : [
            `the call ${call} of ${flag} was not shown, so that nothing was seen of it: ${last.description}; is it live?`,
          ];
    });
  }

  #placeCalls(
    source: CallSource,
    { baseUrl, fixture, transport }: Target,
    cutShort: AbortSignal | undefined,
  ): PlacedCalls {
    const { user, extension, from, number } = fixture;
    return new PlacedCalls({
      source,
      contextOf: async () => {
        const token = await this.#tokens.current();
        const tokenInstead = (refused: string) => this.#tokens.instead(refused);
        return { baseUrl, token, tokenInstead, transport, user, extension, from, number };
      },
      cutShort,
      brokenParts: (placed) => this.#sender.brokenParts(withPlaced(fixture, placed)),
    });
  }

  /**
   * Performs a case on the shared stage, and again if the call ended meanwhile, as calls do. The last time is on a call that
   * no other case uses.
   */
  async #performOnShared(testCase: Case, isBlamed: Blame, repetitions = 2): Promise<Performance> {
    const stage = await this.#sharedStage();
    const performance = await this.#performOn(stage, testCase, isBlamed);
    if (!this.#isOver(stage)) return performance;
    if (repetitions > 0) return this.#performOnShared(testCase, isBlamed, repetitions - 1);
    return this.#performOnOwn(this.#calls as PlacedCalls, testCase, isBlamed);
  }

  /** Performs a case on a call that is placed for it alone. */
  #performOnOwn(calls: PlacedCalls, testCase: Case, isBlamed: Blame): Promise<Performance> {
    return this.#slots.use(async () => {
      const stage = await this.#placeStage(calls, testCase);
      try {
        return await this.#performOn(stage, testCase, isBlamed);
      } finally {
        await calls.end(stage.placed);
        // All calls of the extension were moved, and the shared one may be among them.
        if (testCase.effect === 'moves all') await this.#shared?.then(({ watch }) => watch.forget()).catch(() => {});
      }
    });
  }

  async #sharedStage(): Promise<Stage> {
    const setting = (this.#shared ??= this.#placeStage(this.#calls));
    // The next case tries again what failed.
    const stage = await setting.catch((error: unknown) => {
      this.#forget(setting);
      throw error;
    });
    if (!this.#isOver(stage)) return stage;
    if (this.#shared === setting) this.#unseen = stage.watch.origin?.outcome === 'read' ? 0 : this.#unseen + 1;
    this.#forget(setting);
    await this.#calls?.end(stage.placed, true);
    return this.#sharedStage();
  }

  /** Tells whether the call of a stage ended, and another can be placed. */
  #isOver({ watch }: Stage): boolean {
    if (this.#calls === undefined || !watch.isGone) return false;
    return watch.origin?.outcome === 'read' || this.#unseen < toleratedUnseen;
  }

  #forget(setting: Promise<Stage>): void {
    if (this.#shared === setting) this.#shared = undefined;
  }

  async #placeStage(calls: PlacedCalls | undefined, testCase?: Case): Promise<Stage> {
    if (calls === undefined) return this.#stage(this.#fixture as Fixture, []);
    const { sameExtension = 0, otherExtension = 0 } = testCase?.calls ?? {};
    const wanted = [false, ...Array<boolean>(sameExtension).fill(false), ...Array<boolean>(otherExtension).fill(true)];
    const placed: PlacedCall[] = [];
    try {
      for (const inOtherExtension of wanted) placed.push(await calls.place(inOtherExtension));
    } catch (error) {
      await calls.end(placed);
      throw error;
    }
    const [main, ...spareCalls] = placed;
    return this.#stage({ ...withPlaced(this.#fixture, main), spareCalls }, placed);
  }

  #stage(named: Fixture, placed: readonly PlacedCall[]): Stage {
    const fixture = { ...named, otherCalls: named.otherCalls ?? [], spareCalls: named.spareCalls ?? [] };
    const watch = new CallWatch({
      fixture,
      read: (call, wasShown) => this.#read(fixture, call, wasShown),
      isNumber: (text) => this.#isNumber(fixture, text),
      patience: this.#patience,
      readsForeign: this.#hasOtherToken,
    });
    return { watch, lock: new Gate(), placed };
  }

  /**
   * Asserts that the id that a case makes up is not shown as that of a live call, unless the target shows every id.
   *
   * @throws LivePresumption
   */
  async #assertUnknown({ madeUp = String }: Case, fixture: Fixture): Promise<void> {
    const { extension, call } = fixture;
    const made = madeUp(call);
    const isShown = async (id: string) => (await this.#read(fixture, { extension, call: id })).outcome === 'read';
    if (made !== call && (await isShown(made)) && !(await isShown(randomId(call)))) {
      throw new LivePresumption(`${made}, which differs from ${call}, is the id of a live call`);
    }
  }

  /** Tells whether a transfer may name a text as a party. */
  #isNumber(fixture: Fixture, text: string): boolean {
    const isOne =
      this.#numbers.get(text) ?? this.#sender.brokenParts({ ...fixture, from: text, number: text }).length === 0;
    this.#numbers.set(text, isOne);
    return isOne;
  }

  async #read(fixture: Fixture, { user, extension, call }: OtherCall, wasShown = false): Promise<CallReading> {
    const own = planReading(withPath(this.#sender.control(fixture, ''), { extension, phoneCallId: call }));
    const isForeign = user !== undefined;
    const plan = isForeign ? { ...withPath(own, { userId: user }), authorization: withOtherToken } : own;
    const answer = await this.#sendReading(plan);
    if (answer instanceof Error)
      return { outcome: 'unanswered', sources: [], destinations: [], description: answer.message };
    const reading = parseReading(answer, call, this.#refusals.path, wasShown);
    if (call === fixture.call && reading.outcome === 'read') this.#hasShownCall = true;
    if (this.#outcomes.get(call)?.outcome !== 'read') this.#outcomes.set(call, reading);
    return reading;
  }

  /** Sends a reading that no case is about. A transfer is not to blame if it is not answered: the reason is returned. */
  async #sendReading(plan: RequestPlan): Promise<Exchange | UnavailableTarget | UnresponsiveTarget> {
    try {
      return await this.#sender.send(plan);
    } catch (error) {
      if (error instanceof UnavailableTarget || error instanceof UnresponsiveTarget) return error;
      throw error;
    }
  }

  async #performOn(stage: Stage, testCase: Case, isBlamed: Blame): Promise<Performance> {
    const { lock, watch } = stage;
    const done = async (exchanges: readonly Exchange[]) => ({
      exchanges,
      gone: await this.#findGone(stage, exchanges),
    });
    if (testCase.madeUp !== undefined) await this.#assertUnknown(testCase, watch.fixture);
    if (testCase.effect === 'reads') return done(await this.#readFor(stage, testCase));
    if (testCase.effect === 'watches') return done(await this.#lookAfter(stage, testCase));
    if (testCase.effect === 'ends') return done(await lock.alone(() => this.#lookAtTheEnd(stage, testCase)));
    if (testCase.effect.startsWith('moves')) return lock.alone(() => this.#move(stage, testCase, isBlamed));
    // With one number only, and that of another User, a call that was moved by mistake shows nothing of the next mistake.
    if (watch.fixture.sendTo.length < 2 || testCase.needs.includes('foreign call'))
      return done(await lock.alone(() => this.#observe(stage, testCase)));
    return done(await this.#performTogether(stage, testCase));
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
    const refused = exchanges.filter((exchange) => this.#isRefused(exchange));
    if (gone !== undefined || refused.length === 0 || !watch.wasTransferred) return { exchanges, gone };
    if (exchanges.some(succeeded) && !isBlamed(exchanges)) return { exchanges, gone };
    if (await this.#isHidden(watch)) return { exchanges, gone };
    watch.forget();
    const [place] = await watch.places([watch.calls[0]]);
    const fixture = watch.fixture;
    // A number that was never accepted tells nothing.
    const numbers = fixture.sendTo.filter((each) => this.#accepted.has(each));
    const number = numbers[0] ?? fixture.sendTo[0] ?? '';
    const probe = await this.#sender.send(this.#sender.control(fixture, number));
    watch.note(probe);
    // A server that shows transfers late would seem to move the call for the next case.
    if (place !== undefined && succeeded(probe)) await watch.settled(place, [number], true);
    else watch.forget();
    if (this.#isRefused(probe)) return { exchanges, gone: { answer: summarizeAnswer(probe), wasTransferred: true } };
    const isMoot = refused.some(({ request }) => present.includes(readNumber(request) ?? ''));
    return { exchanges: isMoot ? await this.#observe(stage, testCase) : exchanges, gone };
  }

  /**
   * Sends the transfers of a case, and again while they are refused because the one before may not have taken effect yet:
   * it was accepted for later, and nothing shows when.
   */
  async #observeInTime(stage: Stage, testCase: Case): Promise<Exchange[]> {
    const began = performance.now();
    const isPending = this.#isPending && this.#calls === undefined;
    // What must be refused does not tell whether it came too early.
    if (isPending) await sleep(Math.max(this.#pendingTime, testCase.breaks.length > 0 ? grace : 0));
    let exchanges = await this.#observe(stage, testCase);
    if (!isPending || testCase.breaks.length > 0) return exchanges;
    for (const next of [...retries, ...this.#rivals]) {
      if (exchanges.some(succeeded) || !exchanges.some((exchange) => this.#isRefused(exchange))) break;
      if (typeof next === 'number') await sleep(next);
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
    const answer = exchanges.map(summarizeAnswer).find((each) => this.#refusals.path.includes(each));
    if (answer === undefined || (await this.#isHidden(watch))) return undefined;
    return { answer, wasTransferred: watch.wasTransferred };
  }

  /** Tells whether the target shows the call in its extension by aliases, but never did by its own path. */
  async #isHidden(watch: CallWatch): Promise<boolean> {
    if (watch.origin?.outcome !== 'unknown') return false;
    const known = this.#hidden.get(watch) ?? this.#isShownByAliases(watch.fixture);
    this.#hidden.set(watch, known);
    return known;
  }

  async #isShownByAliases(fixture: Fixture): Promise<boolean> {
    const aliased = withPath(this.#sender.control(fixture, ''), { userId: '@me', extension: '@self' });
    const answer = await this.#sendReading(planReading(aliased));
    if (answer instanceof Error || answer.response?.status !== 200) return false;
    const shown = callsIn(answer.response.body.json?.value ?? null).find(({ id }) => id === fixture.call);
    return shown?.extension === fixture.extension;
  }

  #isRefused(exchange: Exchange): boolean {
    return this.#refusals.any.includes(summarizeAnswer(exchange));
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
    const exchanges = await this.#sender.sendCase(
      testCase,
      () => ({ ...watch.fixture, sendTo }),
      async (exchange, isLast) => {
        sent.push(exchange);
        watch.note(exchange);
        if (isLast || !isAcceptedTransfer(exchange)) return;
        await settle(false);
        if (this.#isPending) await sleep(this.#pendingTime);
      },
    );
    // Of several transfers at once, another may show later.
    if (testCase.order === 'at once') await sleep(watch.lateness);
    const observed = attachReadings(exchanges, await settle(true));
    const accepted = exchanges.findLast(isAcceptedTransfer);
    if (accepted !== undefined) {
      this.#isPending = accepted.response?.status === 202 && observed.at(-1)?.readings?.after.outcome !== 'read';
      this.#rivals = testCase.order === 'at once' ? [...new Set(listNumbers(watch.calls[0], exchanges))] : [];
    }
    if (testCase.order === 'unchanged') this.#noteRepetition(exchanges);
    return testCase.order === 'at once' ? this.#countRivals(observed) : observed;
  }

  #noteRepetition([first, again]: readonly Exchange[]): void {
    if (first === undefined || again === undefined || !succeeded(first)) return;
    this.#again = this.#isRefused(again) ? summarizeAnswer(again) : undefined;
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
    const exchanges = await this.#sender.sendCase(testCase, () => watch.fixture);
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
    await sleep(grace);
    const [call] = watch.calls;
    const before = watch.origin ?? (await watch.read(call));
    const exchanges = await this.#sender.sendCase(testCase, () => watch.fixture);
    const after = before.outcome === 'read' ? await watch.read(call) : before;
    const readings: Readings = { before, after, sentTo: [...this.#accepted], others: [] };
    return exchanges.map((exchange) => ({ ...exchange, readings }));
  }
}

/** Returns a fixture whose call is one that was placed. */
function withPlaced(named: Partial<Fixture>, placed: PlacedCall | undefined): Fixture {
  const { user = named.user ?? '@me', extension, call, from, number } = placed ?? ({} as PlacedCall);
  return { ...(named as Fixture), user, extension, call, from, number };
}
