import type { Case } from '../cases/case.ts';
import { CallSourceFailure, problemOfCall, type CallSource, type PlacedCall } from '../target/call-source.ts';
import type { Fixture } from '../target/fixture.ts';
import type { Target } from '../target/target.ts';
import type { CallWatch } from './call-watch.ts';
import { Gate } from './gate.ts';

/** The calls that a case plays with, and the gate that keeps cases from disturbing each other there. */
export interface Stage {
  readonly watch: CallWatch;
  readonly gate: Gate;
  /** The calls that a source placed for it. */
  readonly placed: readonly PlacedCall[];
}

/** How long a source may take to place or end a call, in milliseconds. */
const sourceLimit = 30_000;

/** Sets stages: one for all cases, or from a source of calls a fresh one for each case that uses its call up. */
export class Stages {
  readonly #target: Target;
  readonly #source: CallSource | undefined;
  readonly #watchOf: (fixture: Fixture) => CallWatch;
  #shared: Promise<Stage> | undefined;

  constructor(target: Target, source: CallSource | undefined, watchOf: (fixture: Fixture) => CallWatch) {
    this.#target = target;
    this.#source = source;
    this.#watchOf = watchOf;
  }

  /**
   * Runs a task on the stage of a case, and clears the stage if it was the case's own.
   *
   * @throws CallSourceFailure if the source places no call.
   */
  async on<Result>(testCase: Case, task: (stage: Stage) => Promise<Result>): Promise<Result> {
    const ownStage = this.#source !== undefined && testCase.effect.startsWith('moves');
    const stage = await (ownStage ? this.#fresh(testCase) : this.#sharedStage());
    try {
      return await task(stage);
    } finally {
      if (ownStage) await this.#clear(stage);
    }
  }

  /** Ends the calls that are left. */
  async close(): Promise<void> {
    const stage = await this.#shared?.catch(() => undefined);
    if (stage !== undefined) await this.#clear(stage);
  }

  async #sharedStage(): Promise<Stage> {
    const stage = await (this.#shared ??= this.#fresh());
    if (this.#source === undefined || !stage.watch.isGone) return stage;
    return (this.#shared = this.#fresh());
  }

  async #fresh(testCase?: Case): Promise<Stage> {
    const named = this.#target.fixture;
    if (this.#source === undefined) return this.#stageOf(named as Fixture, []);
    const { sameExtension = 0, otherExtension = 0 } = testCase?.calls ?? {};
    const wanted = [false, ...Array<boolean>(sameExtension).fill(false), ...Array<boolean>(otherExtension).fill(true)];
    const placed: PlacedCall[] = [];
    try {
      for (const inOtherExtension of wanted) placed.push(await this.#place(inOtherExtension));
    } catch (error) {
      await this.#end(placed);
      throw new CallSourceFailure(`the source of calls failed: ${(error as Error).message}`);
    }
    const [{ user = named.user ?? '@me', ...main } = {} as PlacedCall, ...others] = placed;
    const otherCalls = [...(named.otherCalls ?? []), ...others];
    return this.#stageOf({ ...(named as Fixture), ...main, user, otherCalls }, placed);
  }

  #stageOf(fixture: Fixture, placed: readonly PlacedCall[]): Stage {
    return { watch: this.#watchOf({ ...fixture, otherCalls: fixture.otherCalls ?? [] }), gate: new Gate(), placed };
  }

  async #place(otherExtension: boolean): Promise<PlacedCall> {
    const context = this.#context(otherExtension);
    const placed = await inTime(this.#source?.place(context), context.signal);
    const problem = problemOfCall(placed);
    if (placed === undefined || problem !== undefined) throw new Error(problem ?? 'it placed none');
    return placed;
  }

  async #clear({ placed }: Stage): Promise<void> {
    await this.#end(placed);
  }

  /** Ends calls. One that cannot be ended may have ended by itself. */
  async #end(placed: readonly PlacedCall[]): Promise<void> {
    const context = this.#context(false);
    await Promise.allSettled(placed.map(async (call) => inTime(this.#source?.end(call, context), context.signal)));
  }

  #context(otherExtension: boolean) {
    const { baseUrl, token, fixture } = this.#target;
    const signal = AbortSignal.timeout(sourceLimit);
    return { baseUrl, token, user: fixture.user, extension: fixture.extension, otherExtension, signal };
  }
}

/** What a source returns, unless it takes too long: it may not heed the signal. */
function inTime<Result>(result: Promise<Result> | undefined, signal: AbortSignal): Promise<Result | undefined> {
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`it took longer than ${sourceLimit} ms`)), { once: true });
  });
  return Promise.race([Promise.resolve(result), late]);
}
