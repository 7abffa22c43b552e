import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../cases/case.ts';
import { bearer, controlTransfer, serialise, type RequestPlan } from '../cases/plan.ts';
import type { Suite } from '../cases/suite.ts';
import type { JsonValue } from '../contract/json.ts';
import { addressOf } from '../target/address.ts';
import { type TokenSource, TokenFailure } from '../target/authorization.ts';
import { succeeded, type Exchange, type SentRequest } from '../target/exchange.ts';
import type { Fixture } from '../call/fixture.ts';
import { ForbiddenRequest } from '../target/guard.ts';
import type { Target } from './target.ts';
import { createTransport, type Transport } from '../target/transport.ts';
import { Availability, Pace, Responsiveness, type RequestKind } from './traffic.ts';
import { Gate } from './schedule.ts';
import { disagreement, requestInspector, type RequestInspector } from '../cases/soundness.ts';

/** A request that does not break what its case says: an error of the suite. */
export class UnsoundCase extends Error {}

/** Makes requests of plans and sends them to one target, each held against the contract before it goes. */
export class Sender {
  readonly #suite: Suite;
  readonly #tokens: TokenSource;
  readonly #basePath: string;
  readonly #otherToken: string | undefined;
  readonly #transport: Transport;
  readonly #inspect: RequestInspector;
  readonly #slots: Gate;
  readonly #responsiveness: Responsiveness;
  readonly #availability: Availability;
  readonly #readOnly: boolean;
  readonly #signal: AbortSignal | undefined;
  /** The last reading that was answered with a success. */
  #witness: SentRequest | undefined;

  /** @param signal - Aborts what is under way, and whatever is to be sent later. */
  constructor(suite: Suite, target: Target, tokens: TokenSource, signal?: AbortSignal) {
    const { origin, pathname } = new URL(target.baseUrl);
    const sendCallTo = suite.constraints.find(({ name }) => name === 'sendCallTo')?.pointer ?? '';
    this.#suite = suite;
    this.#tokens = tokens;
    this.#signal = signal;
    this.#otherToken = target.otherToken;
    this.#slots = new Gate(target.concurrency);
    this.#readOnly = target.readOnly ?? false;
    this.#responsiveness = new Responsiveness(target.maxTimeouts);
    this.#basePath = pathname.replace(/\/$/, '');
    this.#inspect = requestInspector(suite);
    this.#transport = createTransport({
      origin,
      timeout: target.timeout,
      settings: target.transport,
      signal,
      permission: {
        basePath: this.#basePath,
        sendTo: target.fixture.sendTo ?? [],
        parameters: [suite, ...suite.others]
          .flatMap(({ constraints }) => constraints)
          .filter(({ place }) => place === 'query' || place === 'header')
          .map(({ name }) => name),
        operations: suite.others.map(({ transfer }) => transfer),
        members: suite.constraints.filter(({ place }) => place === 'body' || place === 'path').map(({ name }) => name),
        isNumber: (value) => suite.validate(sendCallTo, value as JsonValue).length === 0,
        bulk: target.profiles.includes('bulk'),
        loopback: target.loopback,
      },
    });
    this.#availability = new Availability(new Pace(target.rate, signal), () => this.#transport.isDown());
  }

  /** The valid transfer of a fixture's call to a number. */
  control(fixture: Fixture, sendTo: string): RequestPlan {
    return controlTransfer(this.#suite, fixture, sendTo);
  }

  /**
   * Sends the requests of a case. Each is made of the fixture as it is when its turn comes.
   *
   * @param onAnswer - Receives each exchange, and true if no later request depends on it.
   * @throws UnsoundCase, ForbiddenRequest, UnresponsiveTarget or TokenFailure.
   */
  async sendCase(
    testCase: Case,
    readFixture: () => Fixture,
    onAnswer?: (exchange: Exchange, isLast: boolean) => Promise<void>,
  ): Promise<Exchange[]> {
    const token = await this.#tokens.current();
    const validity = testCase.breaks.length === 0 ? 'valid' : 'invalid';
    const exchanges: Exchange[] = [];
    let plans: readonly RequestPlan[] = [];
    let about: Exchange['about'];
    const plan = (fixture: Fixture) =>
      testCase.send(this.control(fixture, fixture.sendTo[0] ?? ''), fixture, exchanges);
    const prepare = () => {
      const fixture = readFixture();
      about = { user: fixture.user, extension: fixture.extension, call: fixture.call };
      plans = plan(fixture);
      const requests = plans.map((each) => serialise(each, this.#basePath, token, this.#otherToken));
      for (const request of requests) this.#assertSound(testCase, request, token);
      for (const request of requests) this.#assertAllowed(request, fixture, token);
      return requests;
    };
    const exchange = async (request: SentRequest): Promise<Exchange> => {
      const received = await this.#authorized(request, token, validity);
      return { ...received, ...(about && { about }) };
    };
    let requests = prepare();
    // What must arrive at once does not wait for slots.
    if (testCase.order === 'at once') {
      exchanges.push(...(await Promise.all(requests.map(exchange))));
      for (const each of exchanges) await onAnswer?.(each, true);
      return exchanges;
    }
    for (let request = requests[0]; request !== undefined; request = requests[exchanges.length]) {
      const { delay = 0 } = plans[exchanges.length] ?? {};
      if (delay > 0) await this.wait(delay);
      const received = await this.#slots.use(() => exchange(request as SentRequest));
      exchanges.push(received);
      // An answer may lead to a further request, as a link does.
      const isLast = testCase.order === 'unchanged' || plan(readFixture()).length === exchanges.length;
      await onAnswer?.(received, isLast);
      if (!isLast) requests = prepare();
    }
    return exchanges;
  }

  /**
   * Sends one request that no case is about, before those that wait for a slot.
   *
   * @throws ForbiddenRequest, UnresponsiveTarget or TokenFailure.
   */
  async send(plan: RequestPlan): Promise<Exchange> {
    if (this.#readOnly && plan.method !== 'GET') throw new ForbiddenRequest('The suite was about to send a transfer.');
    const token = await this.#tokens.current();
    const request = serialise(plan, this.#basePath, token, this.#otherToken);
    return this.#slots.use(() => this.#authorized(request, token, 'other'), true);
  }

  /** The parts of the valid transfer of a fixture's call that break the contract. */
  brokenParts(fixture: Fixture): string[] {
    const plan = this.control(fixture, fixture.sendTo[0] ?? '');
    return this.#inspect(serialise(plan, this.#basePath, 'token'), this.#basePath, 'token');
  }

  /** Waits, unless the run ends. */
  async wait(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#signal });
  }

  /** Tells how many requests were sent again, if any were: a server that fails there would go unnoticed. */
  describeRepeated(): string[] {
    const count = this.#transport.repeated;
    if (count === 0) return [];
    const requests = count === 1 ? 'a request was' : `${count} requests were`;
    return [
      `${requests} sent again, since the server closed the connection without an answer: it failed, or keeps connections for a short time`,
    ];
  }

  close(): void {
    this.#transport.close();
  }

  #assertSound({ id, breaks }: Case, request: SentRequest, token: string): void {
    const problem = disagreement(breaks, this.#inspect(request, this.#basePath, token));
    if (problem !== undefined) throw new UnsoundCase(`The request of ${id} is not what it claims: ${problem}.`);
  }

  /**
   * Throws ForbiddenRequest where nothing may be moved, for a transfer that has to be accepted, whatever its case says
   * of itself.
   */
  #assertAllowed(request: SentRequest, fixture: Fixture, token: string): void {
    if (!this.#readOnly || request.method === 'GET') return;
    if (this.#inspect(request, this.#basePath, token).length > 0 || !isAbout(request, fixture)) return;
    throw new ForbiddenRequest(`The suite was about to send ${request.method} ${request.path}, which is a transfer.`);
  }

  /** Sends a request, and once more with a new token if it carries the run's own and is refused for it. */
  async #authorized(request: SentRequest, token: string, validity: 'valid' | 'invalid' | 'other'): Promise<Exchange> {
    const kind = `${validity} ${request.method}` as const;
    const exchange = await this.#exchange(request, kind);
    if (request.headers.authorization !== bearer(token)) return exchange;
    if (request.method === 'GET' && succeeded(exchange)) this.#witness = request;
    if (!isUnauthorized(exchange)) return exchange;
    // Where a reading is still accepted, it is not the token that is refused.
    const isExpired = this.#witness && (await this.#isExpired(this.#witness));
    if (isExpired === false) return exchange;
    const other = await this.#tokens.instead(token);
    if (other === undefined) {
      if (isExpired === true) throw new TokenFailure(expired);
      return exchange;
    }
    const renewed = { ...request, headers: { ...request.headers, authorization: bearer(other) } };
    const again = await this.#exchange(renewed, kind);
    this.#tokens.judge(!isUnauthorized(again));
    return again;
  }

  /** Tells whether a reading that was answered before is refused now, and again, so that the token must have expired. */
  async #isExpired(witness: SentRequest): Promise<boolean> {
    if (!isUnauthorized(await this.#exchange(witness, 'other GET'))) return false;
    // A single refusal may be the answer to another request, which came at the same time.
    await sleep(secondLook);
    return isUnauthorized(await this.#exchange(witness, 'other GET'));
  }

  async #exchange(request: SentRequest, kind: RequestKind): Promise<Exchange> {
    const exchange = await this.#availability.answer(async () => {
      this.#responsiveness.assert(kind);
      const received = await this.#transport.send(request);
      this.#tokens.noticeCookies(received);
      return received;
    });
    this.#responsiveness.note(kind, exchange);
    return exchange;
  }
}

/** The time after which a refused token is tried again, in milliseconds. */
const secondLook = 100;

const expired = 'the token is refused by now, though it was accepted before: let --client-id fetch and renew tokens';

/** Tells whether a request was refused as one whose token expired: real clients take 403 for that, the standard has 401. */
function isUnauthorized({ response }: Exchange): boolean {
  return response?.status === 401 || response?.status === 403;
}

/** Tells whether a request names the call of a fixture, or all calls of its extension, as a server has to understand it. */
function isAbout(request: SentRequest, { user, extension, call }: Fixture): boolean {
  const address = addressOf(request);
  return (
    [user, '@me', '@viewer', '@owner'].includes(address.user) &&
    [extension, '@self'].includes(address.extension) &&
    [call, undefined].includes(address.call)
  );
}
