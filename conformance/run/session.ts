import type { Case } from '../cases/case.ts';
import type { Suite } from '../cases/suite.ts';
import { createTokenSource, type TokenSource } from '../target/authorization.ts';
import type { CallSource, PlacedCall } from '../call/call-source.ts';
import { CallWatch, type Patience } from '../call/call-watch.ts';
import type { Fixture } from '../call/fixture.ts';
import { PlacedCalls } from '../call/placed-calls.ts';
import type { Target } from './target.ts';
import { CallReader } from './call-reader.ts';
import { Performer, type Blame, type Performance, type Stage } from './performer.ts';
import { Gate } from './schedule.ts';
import { Sender } from './sender.ts';

/** The longest time for which a call may show another place after a refusal, in milliseconds. */
const longestReturn = 1000;

/** The number of calls in a row that may be gone before they were ever seen: the target may not show any. */
const toleratedUnseen = 3;

export interface SessionOptions {
  readonly source: CallSource | undefined;
  /** Ends the session early: whatever is under way fails with its reason. */
  readonly signal: AbortSignal | undefined;
}

/** Performs cases on the calls of one target: on those that all cases share, or on calls that are placed for a case. */
export class Session {
  readonly #fixture: Partial<Fixture>;
  readonly #hasOtherToken: boolean;
  readonly #sender: Sender;
  readonly #reader: CallReader;
  readonly #performer: Performer;
  readonly #tokens: TokenSource;
  readonly #calls: PlacedCalls | undefined;
  readonly #patience: Patience;
  /** The number of cases that may have calls of their own at once. */
  readonly #slots: Gate;
  #shared: Promise<Stage> | undefined;
  #unseen = 0;

  constructor(suite: Suite, target: Target, { source, signal }: SessionOptions) {
    this.#fixture = target.fixture;
    this.#hasOtherToken = target.otherToken !== undefined;
    this.#tokens = createTokenSource(target);
    const sender = new Sender(suite, target, this.#tokens, signal);
    const reader = new CallReader(suite, sender, target);
    this.#sender = sender;
    this.#reader = reader;
    this.#performer = new Performer({ suite, sender, reader, placesCalls: source !== undefined });
    this.#calls = source && this.#placeCalls(source, target, signal);
    this.#patience = { arrival: target.effectTimeout, return: Math.min(target.effectTimeout, longestReturn) };
    this.#slots = new Gate(target.concurrency);
  }

  /** True if the target showed the call that all cases share. */
  get hasShownCall(): boolean {
    return this.#reader.hasShownCall;
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

  /** Ends the calls that were placed, lets go of the target, and tells which calls could not be ended, and what else the run met. */
  async close(): Promise<readonly string[]> {
    const remarks = (await this.#calls?.close()) ?? [];
    this.#sender.close();
    return [...remarks, ...this.#reader.describeUnshown(), ...this.#sender.describeRepeated()];
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
    const performance = await this.#performer.perform(stage, testCase, isBlamed);
    if (!this.#isOver(stage)) return performance;
    if (repetitions > 0) return this.#performOnShared(testCase, isBlamed, repetitions - 1);
    return this.#performOnOwn(this.#calls as PlacedCalls, testCase, isBlamed);
  }

  /** Performs a case on a call that is placed for it alone. */
  #performOnOwn(calls: PlacedCalls, testCase: Case, isBlamed: Blame): Promise<Performance> {
    return this.#slots.use(async () => {
      const stage = await this.#placeStage(calls, testCase);
      try {
        return await this.#performer.perform(stage, testCase, isBlamed);
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
      read: (call, wasShown) => this.#reader.read(fixture, call, wasShown),
      isNumber: (text) => this.#reader.isNumber(fixture, text),
      patience: this.#patience,
      readsForeign: this.#hasOtherToken,
    });
    return { watch, lock: new Gate(), placed };
  }
}

/** Returns a fixture whose call is one that was placed. */
function withPlaced(named: Partial<Fixture>, placed: PlacedCall | undefined): Fixture {
  const { user = named.user ?? '@me', extension, call, from, number } = placed ?? ({} as PlacedCall);
  return { ...(named as Fixture), user, extension, call, from, number };
}
