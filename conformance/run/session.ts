import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../cases/case.ts';
import { controlTransfer, readingOf, serialise, withPath, type RequestPlan } from '../cases/plan.ts';
import { refusalFor, type Suite } from '../cases/suite.ts';
import { samePlace, shows } from '../checks/effects.ts';
import { requestedCall } from '../checks/phone-call.ts';
import { succeeded } from '../checks/success.ts';
import type { CallReading, Exchange, Readings, SentRequest } from '../target/exchange.ts';
import type { Fixture, OtherCall } from '../target/fixture.ts';
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

/** How long a refused transfer is watched for taking effect all the same, in milliseconds. */
const grace = 500;

/** How long transfers are waited for once one of them had no effect in time, in milliseconds. */
const shortPatience = 100;

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
  readonly #accepted = new Set<string>();
  readonly #timeouts = new Map<string, number>();
  #failedReadings = 0;
  #origin: CallReading | undefined;
  #patience: number;

  constructor(suite: Suite, target: Target, fixture: Fixture) {
    const { origin, pathname } = new URL(target.baseUrl);
    this.#suite = suite;
    this.#target = target;
    this.#patience = target.effectTimeout;
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
    if (testCase.effect === 'reads') return this.#gate.pass(false, () => this.#send(testCase));
    if (testCase.effect === 'watches') return this.#gate.pass(true, () => this.#watch(testCase));
    // With one number only, a call that was moved by mistake shows nothing of the next mistake.
    const alone = testCase.effect === 'moves' || this.#fixture.sendTo.length < 2;
    return alone ? this.#gate.pass(true, () => this.#observe(testCase)) : this.#performTogether(testCase);
  }

  close(): void {
    this.#transport.close();
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

  /** Sends a case's requests, and reads before and after where they leave the calls. */
  async #observe(testCase: Case): Promise<Exchange[]> {
    const { call, otherCalls } = this.#fixture;
    const others = testCase.effect === 'moves' ? otherCalls : [];
    const before = await this.#placesOf([{ extension: this.#fixture.extension, call }, ...others]);
    const exchanges = await this.#send(testCase);
    const sentTo = this.#sentTo(exchanges);
    const wait = testCase.effect === 'moves' ? this.#patience : 0;
    const after = await Promise.all(before.map((place) => this.#settled(place, sentTo.get(place.call) ?? [], wait)));
    return withReadings(exchanges, after, sentTo);
  }

  /** Looks whether the call is still where it was when the run began, after a while. */
  async #watch(testCase: Case): Promise<Exchange[]> {
    await sleep(Math.min(grace, this.#target.effectTimeout));
    const { call, extension } = this.#fixture;
    const before = this.#origin ?? (await this.#read({ extension, call }));
    const exchanges = await this.#send(testCase);
    const after = before.outcome === 'read' ? await this.#read({ extension, call }) : before;
    const readings: Readings = { before, after, sentTo: [...this.#accepted], others: [] };
    return exchanges.map((exchange) => ({ ...exchange, readings }));
  }

  async #send(testCase: Case): Promise<Exchange[]> {
    const fixture = { ...this.#fixture, sendTo: this.#sendTo() };
    const requests = testCase.send(this.#control(fixture.sendTo[0] ?? ''), fixture).map((plan) => this.#request(plan));
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

  /** The numbers that accepted transfers sent each call to. */
  #sentTo(exchanges: readonly Exchange[]): Map<string, string[]> {
    const sentTo = new Map<string, string[]>();
    for (const { request } of exchanges.filter(succeeded)) {
      const number = numberOf(request);
      if (request.method !== 'PUT' || number === undefined) continue;
      this.#accepted.add(number);
      const call = requestedCall(request);
      sentTo.set(call, [...(sentTo.get(call) ?? []), number]);
    }
    return sentTo;
  }

  async #exchange(request: SentRequest): Promise<Exchange> {
    const timeouts = this.#timeouts.get(request.method) ?? 0;
    if (timeouts >= toleratedTimeouts) {
      throw new UnresponsiveTarget(`${timeouts} ${request.method} requests in a row ran into the time limit`);
    }
    const exchange = await this.#transport.send(request);
    this.#timeouts.set(request.method, exchange.failure?.kind === 'time-out' ? timeouts + 1 : 0);
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

  /** Reads a call once, or until it shows one of the numbers that it was sent to. */
  async #settled(before: Place, sentTo: readonly string[], patience: number): Promise<Place & { after: CallReading }> {
    if (before.reading.outcome !== 'read') return { ...before, after: before.reading };
    const deadline = performance.now() + patience;
    const arrived = () => sentTo.length === 0 || sentTo.some((number) => shows(after, number));
    let after = await this.#read(before);
    while (!arrived() && performance.now() < deadline) {
      await sleep(pollInterval);
      after = await this.#read(before);
    }
    // Where a transfer shows nothing for once, the next ones need not be waited for as long.
    if (!arrived() && patience > 0) this.#patience = Math.min(this.#patience, shortPatience);
    return { ...before, after };
  }

  /** Where calls were when they were last read, or are now where that failed. */
  #placesOf(calls: readonly OtherCall[]): Promise<Place[]> {
    return Promise.all(
      calls.map(async (address) => {
        const known = this.#place.get(address.call);
        const again = known?.outcome === 'failed' && this.#failedReadings < toleratedFailures;
        const reading = known === undefined || again ? await this.#read(address) : known;
        return { ...address, reading };
      }),
    );
  }

  async #read({ extension, call }: OtherCall): Promise<CallReading> {
    const plan = readingOf(withPath(this.#control(''), { extension, phoneCallId: call }));
    const unknownCode = refusalFor(this.#suite, 'phoneCallId').code;
    const reading = callReading(await this.#exchange(this.#request(plan)), call, unknownCode);
    this.#place.set(call, reading);
    this.#failedReadings = reading.outcome === 'failed' ? this.#failedReadings + 1 : 0;
    if (call === this.#fixture.call) this.#origin ??= reading;
    return reading;
  }
}

/** A call, and where it was. */
interface Place extends OtherCall {
  readonly reading: CallReading;
}

/** Attaches to the last exchange about each call what was read of it, and to the last of all what was read of others. */
function withReadings(
  exchanges: readonly Exchange[],
  places: readonly (Place & { after: CallReading })[],
  sentTo: ReadonlyMap<string, readonly string[]>,
): Exchange[] {
  const [main] = places;
  if (main === undefined) return [...exchanges];
  const others = places
    .filter(({ call }) => call !== main.call && !sentTo.has(call))
    .map(({ call, reading, after }) => ({ call, before: reading, after }));
  return exchanges.map((exchange, index) => {
    const isLast = index === exchanges.length - 1;
    const isLastOfCall = exchanges.findLastIndex(({ request }) => isSameCall(request, exchange.request)) === index;
    const own = places.find(({ call }) => call === requestedCall(exchange.request));
    const place = (isLastOfCall ? own : undefined) ?? (isLast ? main : undefined);
    if (place === undefined) return exchange;
    const readings = { before: place.reading, after: place.after, sentTo: sentTo.get(place.call) ?? [] };
    return { ...exchange, readings: { ...readings, others: isLast ? others : [] } };
  });
}

function isSameCall(one: SentRequest, other: SentRequest): boolean {
  return requestedCall(one) === requestedCall(other);
}

function numberOf({ body }: SentRequest): string | undefined {
  try {
    return String((JSON.parse(body ?? '') as { sendCallTo?: unknown }).sendCallTo);
  } catch {
    return undefined;
  }
}
