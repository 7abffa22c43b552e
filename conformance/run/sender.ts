import type { Case } from '../cases/case.ts';
import { controlTransfer, serialise, type RequestPlan } from '../cases/plan.ts';
import type { Suite } from '../cases/suite.ts';
import type { JsonValue } from '../contract/json.ts';
import type { Exchange, SentRequest } from '../target/exchange.ts';
import type { Fixture } from '../target/fixture.ts';
import type { Target } from '../target/target.ts';
import { createTransport, type Transport } from '../target/transport.ts';
import { Slots } from './slots.ts';
import { disagreement, requestInspector, type RequestInspector } from './self-check.ts';

/** A request that does not break what its case says: an error of the suite. */
export class UnsoundCase extends Error {}

/** The target stopped answering. */
export class UnresponsiveTarget extends Error {}

/** How many requests in a row may run into the time limit before the target counts as unresponsive. */
const toleratedTimeouts = 3;

/** Makes requests of plans and sends them to one target, each held against the contract before it goes. */
export class Sender {
  readonly #suite: Suite;
  readonly #target: Target;
  readonly #basePath: string;
  readonly #transport: Transport;
  readonly #inspect: RequestInspector;
  readonly #slots: Slots;
  readonly #timeouts = new Map<string, number>();

  constructor(suite: Suite, target: Target) {
    const { origin, pathname } = new URL(target.baseUrl);
    const sendCallTo = suite.constraints.find(({ name }) => name === 'sendCallTo')?.pointer ?? '';
    this.#suite = suite;
    this.#target = target;
    this.#slots = new Slots(target.concurrency);
    this.#basePath = pathname.replace(/\/$/, '');
    this.#inspect = requestInspector(suite);
    this.#transport = createTransport({
      origin,
      timeout: target.timeout,
      permission: {
        basePath: this.#basePath,
        sendTo: target.fixture.sendTo ?? [],
        isNumber: (value) => suite.validate(sendCallTo, value as JsonValue).length === 0,
        bulk: target.profiles.includes('bulk'),
      },
    });
  }

  /** The valid transfer of a fixture's call to a number. */
  control(fixture: Fixture, sendTo: string): RequestPlan {
    return controlTransfer(this.#suite.constraints, this.#suite.mediaType, fixture, sendTo);
  }

  /**
   * Sends the requests of a case.
   *
   * @throws UnsoundCase, ForbiddenRequest or UnresponsiveTarget before anything is sent.
   */
  async sendCase(testCase: Case, fixture: Fixture): Promise<Exchange[]> {
    const plans = testCase.send(this.control(fixture, fixture.sendTo[0] ?? ''), fixture);
    const requests = plans.map((plan) => serialise(plan, this.#basePath, this.#target.token));
    for (const request of requests) this.#assertSound(testCase, request);
    // What must arrive at once does not wait for slots.
    if (testCase.order === 'at once') return Promise.all(requests.map((request) => this.#exchange(request)));
    const exchanges: Exchange[] = [];
    for (const request of requests) exchanges.push(await this.#slots.use(() => this.#exchange(request)));
    return exchanges;
  }

  /**
   * Sends one request that no case is about, before those that wait for a slot.
   *
   * @throws ForbiddenRequest or UnresponsiveTarget before anything is sent.
   */
  send(plan: RequestPlan): Promise<Exchange> {
    return this.#exchange(serialise(plan, this.#basePath, this.#target.token));
  }

  close(): void {
    this.#transport.close();
  }

  #assertSound({ id, breaks }: Case, request: SentRequest): void {
    const problem = disagreement(breaks, this.#inspect(request, this.#basePath, this.#target.token));
    if (problem !== undefined) throw new UnsoundCase(`The request of ${id} is not what it claims: ${problem}.`);
  }

  async #exchange(request: SentRequest): Promise<Exchange> {
    const timeouts = this.#timeouts.get(request.method) ?? 0;
    if (timeouts >= toleratedTimeouts) {
      throw new UnresponsiveTarget(`${timeouts} ${request.method} requests in a row ran into the time limit`);
    }
    const exchange = await this.#transport.send(request);
    const timedOut = exchange.failure?.kind === 'time-out';
    this.#timeouts.set(request.method, timedOut ? (this.#timeouts.get(request.method) ?? 0) + 1 : 0);
    return exchange;
  }
}
