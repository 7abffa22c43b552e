import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../cases/case.ts';
import { controlTransfer, readingOf, serialise, withPath, type RequestPlan } from '../cases/plan.ts';
import { refusalFor, type Suite } from '../cases/suite.ts';
import { samePlace, shows, succeeded } from '../checks/effects.ts';
import type { CallReading, Exchange, Readings, SentRequest } from '../target/exchange.ts';
import type { Fixture } from '../target/fixture.ts';
import type { Target } from '../target/target.ts';
import { createTransport, type Transport } from '../target/transport.ts';
import { Gate } from './gate.ts';
import { callReading } from './reading.ts';
import { disagreement, requestInspector, type RequestInspector } from './self-check.ts';

/** A request that does not break what its case says: an error of the suite. */
export class UnsoundCase extends Error {}

/** The target stopped answering. */
export class UnresponsiveTarget extends Error {}

/** How many requests in a row may run into the time limit before the target counts as unresponsive. */
const toleratedTimeouts = 3;

/** How many readings in a row may fail before calls count as unreadable. */
const toleratedFailures = 3;

/** How long to wait between two looks at a call that is on its way, in milliseconds. */
const pollInterval = 25;

/** Sends the requests of cases to one target, and sees where they leave the fixture's call. */
export class Session {
  readonly #suite: Suite;
  readonly #target: Target;
  readonly #fixture: Fixture;
  readonly #basePath: string;
  readonly #transport: Transport;
  readonly #inspect: RequestInspector;
  readonly #gate = new Gate();
  readonly #place = new Map<string, CallReading>();
  #timeouts = 0;
  #failedReadings = 0;

  constructor(suite: Suite, target: Target, fixture: Fixture) {
    const { origin, pathname } = new URL(target.baseUrl);
    this.#suite = suite;
    this.#target = target;
    this.#fixture = fixture;
    this.#basePath = pathname.replace(/\/$/, '');
    this.#inspect = requestInspector(suite);
    const isNumber = (value: unknown) =>
      suite.validate('/components/schemas/PhoneCallAction/properties/sendCallTo', value as never).length === 0;
    this.#transport = createTransport({
      origin,
      timeout: target.timeout,
      permission: { basePath: this.#basePath, sendTo: fixture.sendTo, isNumber, bulk: false },
    });
  }

  /**
   * Sends a case's requests.
   *
   * @throws UnsoundCase, ForbiddenRequest or UnresponsiveTarget before anything is sent.
   */
  perform(testCase: Case): Promise<Exchange[]> {
    if (testCase.effect === 'reads') return this.#gate.pass(false, () => this.#send(testCase, this.#sendTo()));
    // With one number only, a call that was moved by mistake shows nothing of the next mistake.
    const alone = testCase.effect === 'moves' || this.#fixture.sendTo.length < 2;
    return alone ? this.#gate.pass(true, () => this.#observe(testCase)) : this.#performTogether(testCase);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** Sends a case's requests beside those of others, and again alone if the call moved meanwhile. */
  async #performTogether(testCase: Case): Promise<Exchange[]> {
    const exchanges = await this.#gate.pass(false, () => this.#observe(testCase));
    const readings = exchanges.at(-1)?.readings;
    const moved = readings?.before.outcome === 'read' && !samePlace(readings.before, readings.after);
    if (!moved || exchanges.some(succeeded)) return exchanges;
    return this.#gate.pass(true, async () => {
      this.#place.clear();
      return this.#observe(testCase);
    });
  }

  async #observe(testCase: Case): Promise<Exchange[]> {
    const before = await this.#placeOf(this.#fixture.call);
    const otherBefore = testCase.effect === 'moves' ? await this.#placeOf(this.#fixture.otherCall) : undefined;
    const exchanges = await this.#send(testCase, this.#sendTo());
    const sentTo = exchanges.filter(succeeded).flatMap(({ request }) => numberOf(request) ?? []);
    const after = before.outcome === 'read' ? await this.#settled(sentTo) : before;
    const otherAfter = otherBefore?.outcome === 'read' ? await this.#read(this.#fixture.otherCall) : undefined;
    const other = otherBefore && otherAfter && { before: otherBefore, after: otherAfter };
    const readings: Readings = { before, after, sentTo, other };
    return exchanges.map((exchange, index) => (index === exchanges.length - 1 ? { ...exchange, readings } : exchange));
  }

  async #send(testCase: Case, sendTo: readonly string[]): Promise<Exchange[]> {
    const plans = testCase.send(this.#control(sendTo[0] ?? ''), sendTo);
    const requests = plans.map((plan) => this.#request(plan));
    for (const request of requests) {
      const problem = disagreement(testCase.breaks, this.#inspect(request, this.#basePath, this.#target.token));
      if (problem !== undefined)
        throw new UnsoundCase(`The request of ${testCase.id} is not what it claims: ${problem}.`);
    }
    if (testCase.order === 'at once') return Promise.all(requests.map((request) => this.#exchange(request)));
    const exchanges: Exchange[] = [];
    for (const request of requests) exchanges.push(await this.#exchange(request));
    return exchanges;
  }

  async #exchange(request: SentRequest): Promise<Exchange> {
    if (this.#timeouts >= toleratedTimeouts) {
      throw new UnresponsiveTarget(`The target let ${this.#timeouts} requests in a row run into the time limit`);
    }
    const exchange = await this.#transport.send(request);
    this.#timeouts = exchange.failure?.kind === 'time-out' ? this.#timeouts + 1 : 0;
    return exchange;
  }

  /** The fixture's numbers, those first where the call is not. */
  #sendTo(): string[] {
    const place = this.#place.get(this.#fixture.call);
    const isThere = (number: string) => place !== undefined && shows(place, number);
    return this.#fixture.sendTo.toSorted((one, other) => Number(isThere(one)) - Number(isThere(other)));
  }

  #control(sendTo: string): RequestPlan {
    return controlTransfer(this.#suite.constraints, this.#suite.mediaType, this.#fixture, sendTo);
  }

  #request(plan: RequestPlan): SentRequest {
    return serialise(plan, this.#basePath, this.#target.token);
  }

  /** Reads the call once, or until it shows one of the numbers that it was sent to. */
  async #settled(sentTo: readonly string[]): Promise<CallReading> {
    const deadline = performance.now() + this.#target.effectTimeout;
    let reading = await this.#read(this.#fixture.call);
    const arrived = () => sentTo.length === 0 || sentTo.some((number) => shows(reading, number));
    while (!arrived() && performance.now() < deadline) {
      await sleep(pollInterval);
      reading = await this.#read(this.#fixture.call);
    }
    return reading;
  }

  /** Where a call was when it was last read, or now if that failed. */
  async #placeOf(call: string): Promise<CallReading> {
    const place = this.#place.get(call);
    const again = place?.outcome === 'failed' && this.#failedReadings < toleratedFailures;
    return place === undefined || again ? this.#read(call) : place;
  }

  async #read(call: string): Promise<CallReading> {
    const plan = readingOf(withPath(this.#control(''), { phoneCallId: call }));
    const unknownCode = refusalFor(this.#suite, 'phoneCallId').code;
    const reading = callReading(await this.#exchange(this.#request(plan)), call, unknownCode);
    this.#place.set(call, reading);
    this.#failedReadings = reading.outcome === 'failed' ? this.#failedReadings + 1 : 0;
    return reading;
  }
}

function numberOf({ body }: SentRequest): string | undefined {
  try {
    return String((JSON.parse(body ?? '') as { sendCallTo?: unknown }).sendCallTo);
  } catch {
    return undefined;
  }
}
