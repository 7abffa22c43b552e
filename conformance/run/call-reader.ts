import type { Case } from '../cases/case.ts';
import { planReading, withOtherToken, withPath, type RequestPlan } from '../cases/plan.ts';
import { randomId } from '../cases/scenarios/unknown.ts';
import { documentedRefusals, type Suite } from '../cases/suite.ts';
import { formatRefusal } from '../contract/refusal.ts';
import type { CallWatch } from '../call/call-watch.ts';
import { callsIn, fixtureFlags, type Fixture, type OtherCall } from '../call/fixture.ts';
import { parseReading } from '../call/readings.ts';
import type { CallReading, Exchange } from '../target/exchange.ts';
import type { Sender } from './sender.ts';
import type { Target } from './target.ts';
import { UnavailableTarget, UnresponsiveTarget } from './traffic.ts';

/** An id that is meant to be of no call is one of a live call. */
export class LivePresumption extends Error {}

/** Reads calls for a run, apart from the requests of its cases, and remembers which of them were shown. */
export class CallReader {
  readonly #sender: Sender;
  /** The refusals of a path whose call is gone: `400 pc_phoncall_invalid`. */
  readonly #gone: readonly string[];
  readonly #numbers = new Map<string, boolean>();
  /** Tells of calls that their own paths never showed whether aliases do. */
  readonly #hidden = new WeakMap<CallWatch, Promise<boolean>>();
  #hasShownCall = false;
  /** The calls that the user named besides the main one, with their options, and what reading them came to. */
  readonly #namedOthers: readonly (readonly [flag: string, call: string])[];
  readonly #outcomes = new Map<string, CallReading>();

  constructor(suite: Suite, sender: Sender, { fixture, presumed }: Target) {
    const { otherCalls = [], foreignCall } = fixture;
    this.#sender = sender;
    this.#gone = documentedRefusals(suite, 'path').map(formatRefusal);
    this.#namedOthers = [
      ...(presumed?.includes('otherCalls')
        ? []
        : otherCalls.map(({ call }) => [fixtureFlags.otherCalls, call] as const)),
      ...(foreignCall ? [[fixtureFlags.foreignCall, foreignCall.call] as const] : []),
    ];
  }

  /** Tells whether an answer, `400 pc_phoncall_invalid` for example, says that the call of a path is gone. */
  saysGone(answer: string): boolean {
    return this.#gone.includes(answer);
  }

  /** True if the target showed the call that all cases share. */
  get hasShownCall(): boolean {
    return this.#hasShownCall;
  }

  /** Tells which of the calls that the user named was never shown, though the main one was: it may not be live. */
  describeUnshown(): string[] {
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

  /**
   * Asserts that the id that a case makes up is not shown as that of a live call, unless the target shows every id.
   *
   * @throws LivePresumption
   */
  async assertUnknown({ madeUp = String }: Case, fixture: Fixture): Promise<void> {
    const { extension, call } = fixture;
    const made = madeUp(call);
    const isShown = async (id: string) => (await this.read(fixture, { extension, call: id })).outcome === 'read';
    if (made !== call && (await isShown(made)) && !(await isShown(randomId(call)))) {
      throw new LivePresumption(`${made}, which differs from ${call}, is the id of a live call`);
    }
  }

  /** Tells whether a transfer may name a text as a party. */
  isNumber(fixture: Fixture, text: string): boolean {
    const isOne =
      this.#numbers.get(text) ?? this.#sender.brokenParts({ ...fixture, from: text, number: text }).length === 0;
    this.#numbers.set(text, isOne);
    return isOne;
  }

  async read(fixture: Fixture, { user, extension, call }: OtherCall, wasShown = false): Promise<CallReading> {
    const own = planReading(withPath(this.#sender.control(fixture, ''), { extension, phoneCallId: call }));
    const isForeign = user !== undefined;
    const plan = isForeign ? { ...withPath(own, { userId: user }), authorization: withOtherToken } : own;
    const answer = await this.#sendReading(plan);
    if (answer instanceof Error)
      return { outcome: 'unanswered', sources: [], destinations: [], description: answer.message };
    const reading = parseReading(answer, call, this.#gone, wasShown);
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

  /** Tells whether the target shows the call in its extension by aliases, but never did by its own path. */
  async isHidden(watch: CallWatch): Promise<boolean> {
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
}
