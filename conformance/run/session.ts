import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../cases/case.ts';
import { refusalFor, type Suite } from '../cases/suite.ts';
import { succeeded, type Exchange, type Readings } from '../target/exchange.ts';
import { addressOf } from '../target/address.ts';
import { createTokenSource, type TokenSource } from '../target/authorization.ts';
import type { CallSource } from '../call/call-source.ts';
import type { Target } from '../target/target.ts';
import { CallWatch } from './call-watch.ts';
import { PlacedCalls } from './placed-calls.ts';
import { attachReadings, listNumbers, samePlace, summarizeAnswer } from '../call/readings.ts';
import { Sender } from './sender.ts';
import { fixtureOf, Stages, type Stage } from './stages.ts';

/** How long a refused transfer is watched for taking effect all the same, in milliseconds. */
const grace = 500;

/** What came of a case's requests. */
export interface Performance {
  readonly exchanges: readonly Exchange[];
  /** Whether the call was refused as one that does not exist, and indeed is not live any more. */
  readonly callIsGone: boolean;
}

/** What a session may be given beside its suite and target. */
export interface SessionOptions {
  readonly source: CallSource | undefined;
  /** Ends the session early: whatever is under way fails with its reason. */
  readonly signal: AbortSignal | undefined;
}

/** Sends the requests of cases to one target, and sees where they leave the calls. */
export class Session {
  readonly #sender: Sender;
  readonly #stages: Stages;
  readonly #tokens: TokenSource;
  readonly #gone: string;
  readonly #accepted = new Set<string>();
  readonly #transferred = new Set<string>();

  constructor(suite: Suite, target: Target, { source, signal }: SessionOptions) {
    const { statuses, code: unknownCode } = refusalFor(suite, 'phoneCallId');
    const patience = { limit: target.effectTimeout };
    this.#gone = `${statuses.join()} ${unknownCode}`;
    this.#tokens = createTokenSource(target);
    this.#sender = new Sender(suite, target, this.#tokens, signal);
    this.#stages = new Stages({
      fixture: target.fixture,
      calls: source && this.#callsOf(source, target, signal),
      watchOf: (fixture) => new CallWatch(this.#sender, fixture, unknownCode, patience),
      concurrency: target.concurrency,
    });
  }

  /** A text without any token of the run, and without the client's secret. */
  hide(text: string): string {
    return this.#tokens.hide(text);
  }

  /**
   * Sends a case's requests when its turn comes.
   *
   * @throws UnsoundCase, ForbiddenRequest, UnresponsiveTarget, CallSourceFailure or TokenFailure.
   */
  perform(testCase: Case): Promise<Performance> {
    return this.#stages.on(testCase, async (stage) => {
      const exchanges = await this.#performOn(stage, testCase);
      return { exchanges, callIsGone: await this.#isGone(stage, testCase, exchanges) };
    });
  }

  /** Ends the calls that were placed, lets go of the target, and tells which calls could not be ended. */
  async close(): Promise<readonly string[]> {
    const remarks = await this.#stages.close();
    this.#sender.close();
    return remarks;
  }

  #callsOf(source: CallSource, { baseUrl, fixture }: Target, cutShort: AbortSignal | undefined): PlacedCalls {
    const { user, extension, from, number } = fixture;
    return new PlacedCalls({
      source,
      contextOf: async () => {
        const token = await this.#tokens.current();
        const tokenInstead = (refused: string) => this.#tokens.instead(refused);
        return { baseUrl, token, tokenInstead, user, extension, from, number };
      },
      cutShort,
      brokenParts: (placed) => this.#sender.brokenParts(fixtureOf(fixture, placed)),
    });
  }

  /** Whether the call ended, or was used up by a transfer, as telephone calls go: another transfer is then refused too. */
  async #isGone({ watch, lock }: Stage, { effect }: Case, exchanges: readonly Exchange[]): Promise<boolean> {
    if (!exchanges.some((exchange) => summarizeAnswer(exchange) === this.#gone)) return false;
    if (exchanges.at(-1)?.readings?.before.outcome === 'unknown') return true;
    if (!effect.startsWith('moves') || !this.#transferred.has(watch.call.call)) return false;
    return lock.alone(async () => {
      const probe = await this.#sender.send(this.#sender.control(watch.fixture, watch.fixture.sendTo[0] ?? ''));
      watch.forget();
      return summarizeAnswer(probe) === this.#gone;
    });
  }

  #performOn(stage: Stage, testCase: Case): Promise<Exchange[]> {
    const { lock, watch } = stage;
    if (testCase.effect === 'reads') return this.#sender.sendCase(testCase, watch.fixture);
    if (testCase.effect === 'watches') return this.#lookAfter(stage, testCase);
    // With one number only, a call that was moved by mistake shows nothing of the next mistake.
    const alone = testCase.effect !== 'keeps' || watch.fixture.sendTo.length < 2;
    return alone ? lock.alone(() => this.#observe(stage, testCase)) : this.#performTogether(stage, testCase);
  }

  /** Sends a case's requests beside those of others, and again alone if the call moved meanwhile. */
  async #performTogether(stage: Stage, testCase: Case): Promise<Exchange[]> {
    const exchanges = await stage.lock.together(() => this.#observe(stage, testCase));
    const readings = exchanges.at(-1)?.readings;
    const moved = readings?.before.outcome === 'read' && !samePlace(readings.before, readings.after);
    if (!moved || exchanges.some(succeeded)) return exchanges;
    return stage.lock.alone(async () => {
      stage.watch.forget();
      return this.#observe(stage, testCase);
    });
  }

  /** Sends a case's requests, and reads before and after where they leave the calls. */
  async #observe({ watch }: Stage, testCase: Case): Promise<Exchange[]> {
    const waits = testCase.effect !== 'keeps';
    const places = await watch.places([watch.call, ...(waits ? watch.fixture.otherCalls : [])]);
    const exchanges = await this.#sender.sendCase(testCase, watch.fixture);
    for (const { request } of exchanges.filter(succeeded)) {
      if (request.method === 'PUT') this.#transferred.add(addressOf(request).call ?? '');
    }
    const moves = await Promise.all(
      places.map((place) => {
        const numbers = listNumbers(place, exchanges);
        numbers.forEach((number) => this.#accepted.add(number));
        return watch.settled(place, numbers, waits);
      }),
    );
    return attachReadings(exchanges, moves);
  }

  /** Looks after a while whether the call is still where it was when the run began. */
  async #lookAfter({ watch }: Stage, testCase: Case): Promise<Exchange[]> {
    await sleep(grace);
    const before = watch.origin ?? (await watch.read(watch.call));
    const exchanges = await this.#sender.sendCase(testCase, watch.fixture);
    const after = before.outcome === 'read' ? await watch.read(watch.call) : before;
    const readings: Readings = { before, after, sentTo: [...this.#accepted], others: [] };
    return exchanges.map((exchange) => ({ ...exchange, readings }));
  }
}
