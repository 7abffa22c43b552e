import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../cases/case.ts';
import { refusalFor, type Suite } from '../cases/suite.ts';
import { samePlace } from '../checks/effects.ts';
import { succeeded } from '../checks/success.ts';
import type { CallSource } from '../target/call-source.ts';
import type { Exchange, Readings } from '../target/exchange.ts';
import type { Target } from '../target/target.ts';
import { CallWatch } from './call-watch.ts';
import { Gate } from './gate.ts';
import { numbersOf, withReadings } from './readings.ts';
import { Sender } from './sender.ts';
import { Stages, type Stage } from './stages.ts';

/** How long a refused transfer is watched for taking effect all the same, in milliseconds. */
const grace = 500;

/** Sends the requests of cases to one target, and sees where they leave the calls. */
export class Session {
  readonly #sender: Sender;
  readonly #stages: Stages;
  readonly #gate = new Gate();
  readonly #accepted = new Set<string>();

  constructor(suite: Suite, target: Target, source: CallSource | undefined) {
    const unknownCode = refusalFor(suite, 'phoneCallId').code;
    const patience = { limit: target.effectTimeout };
    this.#sender = new Sender(suite, target);
    this.#stages = new Stages(target, source, (fixture) => {
      return new CallWatch(this.#sender, fixture, unknownCode, patience);
    });
  }

  /** Whether a transfer was accepted before. */
  get hasTransferred(): boolean {
    return this.#accepted.size > 0;
  }

  /**
   * Sends a case's requests when its turn comes.
   *
   * @throws UnsoundCase, ForbiddenRequest, UnresponsiveTarget or CallSourceFailure before anything is sent.
   */
  perform(testCase: Case): Promise<Exchange[]> {
    return this.#gate.pass(testCase.effect === 'moves all', () =>
      this.#stages.on(testCase, (stage) => this.#performOn(stage, testCase)),
    );
  }

  /** Ends the calls that were placed, and lets go of the target. */
  async close(): Promise<void> {
    await this.#stages.close();
    this.#sender.close();
  }

  #performOn(stage: Stage, testCase: Case): Promise<Exchange[]> {
    const { gate, watch } = stage;
    if (testCase.effect === 'reads') return gate.pass(false, () => this.#sender.sendCase(testCase, watch.fixture));
    if (testCase.effect === 'watches') return gate.pass(true, () => this.#lookAfter(stage, testCase));
    // With one number only, a call that was moved by mistake shows nothing of the next mistake.
    const alone = testCase.effect !== 'keeps' || watch.fixture.sendTo.length < 2;
    return alone ? gate.pass(true, () => this.#observe(stage, testCase)) : this.#performTogether(stage, testCase);
  }

  /** Sends a case's requests beside those of others, and again alone if the call moved meanwhile. */
  async #performTogether(stage: Stage, testCase: Case): Promise<Exchange[]> {
    const exchanges = await stage.gate.pass(false, () => this.#observe(stage, testCase));
    const readings = exchanges.at(-1)?.readings;
    const moved = readings?.before.outcome === 'read' && !samePlace(readings.before, readings.after);
    if (!moved || exchanges.some(succeeded)) return exchanges;
    return stage.gate.pass(true, async () => {
      stage.watch.forget();
      return this.#observe(stage, testCase);
    });
  }

  /** Sends a case's requests, and reads before and after where they leave the calls. */
  async #observe({ watch }: Stage, testCase: Case): Promise<Exchange[]> {
    const waits = testCase.effect !== 'keeps';
    const places = await watch.places([watch.call, ...(waits ? watch.fixture.otherCalls : [])]);
    const exchanges = await this.#sender.sendCase(testCase, watch.fixture);
    const moves = await Promise.all(
      places.map((place) => {
        const numbers = numbersOf(place, exchanges);
        numbers.forEach((number) => this.#accepted.add(number));
        return watch.settled(place, numbers, waits);
      }),
    );
    return withReadings(exchanges, moves);
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
