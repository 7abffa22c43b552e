import type { Case } from '../cases/case.ts';
import type { PlacedCall } from '../call/call-source.ts';
import type { Fixture } from '../call/fixture.ts';
import type { CallWatch } from './call-watch.ts';
import type { PlacedCalls } from './placed-calls.ts';
import { CallLock, Semaphore } from './schedule.ts';

/** The calls of a case, and the lock that keeps cases from disturbing each other there. */
export interface Stage {
  readonly watch: CallWatch;
  readonly lock: CallLock;
  /** The calls that a source placed for it. */
  readonly placed: readonly PlacedCall[];
}

/** What stages are set with. */
export interface StageSetting {
  /** What the command line names. */
  readonly fixture: Partial<Fixture>;
  /** Where calls come from; the fixture's own is used if left out. */
  readonly calls: PlacedCalls | undefined;
  readonly watchOf: (fixture: Fixture) => CallWatch;
  /** How many cases may have calls of their own at once. */
  readonly concurrency: number;
}

/** How many calls in a row may be gone before they were ever seen: the target may not show any. */
const toleratedUnseen = 3;

/** Sets stages: one for all cases, or from a source of calls a fresh one for each case that uses its call up. */
export class Stages {
  readonly #setting: StageSetting;
  readonly #slots: Semaphore;
  #shared: Promise<Stage> | undefined;
  #unseen = 0;

  constructor(setting: StageSetting) {
    this.#setting = setting;
    this.#slots = new Semaphore(setting.concurrency);
  }

  /**
   * Runs a task on the stage of a case, and clears the stage if it was the case's own.
   *
   * @throws CallSourceFailure if the source places no call.
   */
  async on<Result>(testCase: Case, task: (stage: Stage) => Promise<Result>): Promise<Result> {
    const { calls } = this.#setting;
    if (calls === undefined || !testCase.effect.startsWith('moves')) return this.#onShared(task);
    return this.#slots.use(async () => {
      const stage = await this.#fresh(calls, testCase);
      try {
        return await task(stage);
      } finally {
        await calls.end(stage.placed);
        // All calls of the extension were moved, and the shared one may be among them.
        if (testCase.effect === 'moves all') await this.#shared?.then(({ watch }) => watch.forget()).catch(() => {});
      }
    });
  }

  /** Ends the calls that are left, those of cases under way too, and tells which could not be ended. */
  async close(): Promise<readonly string[]> {
    return (await this.#setting.calls?.close()) ?? [];
  }

  /** Runs a task on the shared stage, and again on another if the call ended meanwhile, as calls do. */
  async #onShared<Result>(task: (stage: Stage) => Promise<Result>, repetitions = 2): Promise<Result> {
    const stage = await this.#sharedStage();
    const result = await task(stage);
    return this.#isOver(stage) && repetitions > 0 ? this.#onShared(task, repetitions - 1) : result;
  }

  async #sharedStage(): Promise<Stage> {
    const setting = (this.#shared ??= this.#fresh(this.#setting.calls));
    // The next case tries again what failed.
    const stage = await setting.catch((error: unknown) => {
      this.#forget(setting);
      throw error;
    });
    if (!this.#isOver(stage)) return stage;
    if (this.#shared === setting) this.#unseen = stage.watch.origin?.outcome === 'read' ? 0 : this.#unseen + 1;
    this.#forget(setting);
    await this.#setting.calls?.end(stage.placed, true);
    return this.#sharedStage();
  }

  /** Whether the call of a stage ended, and another can be placed. */
  #isOver({ watch }: Stage): boolean {
    if (this.#setting.calls === undefined || !watch.isGone) return false;
    return watch.origin?.outcome === 'read' || this.#unseen < toleratedUnseen;
  }

  #forget(setting: Promise<Stage>): void {
    if (this.#shared === setting) this.#shared = undefined;
  }

  async #fresh(calls: PlacedCalls | undefined, testCase?: Case): Promise<Stage> {
    const named = this.#setting.fixture;
    if (calls === undefined) return this.#stageOf(named as Fixture, []);
    const { sameExtension = 0, otherExtension = 0 } = testCase?.calls ?? {};
    const wanted = [false, ...Array<boolean>(sameExtension).fill(false), ...Array<boolean>(otherExtension).fill(true)];
    const placed: PlacedCall[] = [];
    try {
      for (const inOtherExtension of wanted) placed.push(await calls.place(inOtherExtension));
    } catch (error) {
      await calls.end(placed);
      throw error;
    }
    const [main, ...others] = placed;
    // Calls that the command line names must not move, so that none of them is given to a case that moves several.
    const otherCalls = testCase?.calls === undefined ? named.otherCalls : others;
    return this.#stageOf({ ...fixtureOf(named, main), otherCalls: otherCalls ?? [] }, placed);
  }

  #stageOf(fixture: Fixture, placed: readonly PlacedCall[]): Stage {
    const watch = this.#setting.watchOf({ ...fixture, otherCalls: fixture.otherCalls ?? [] });
    return { watch, lock: new CallLock(), placed };
  }
}

/** A fixture whose call is one that was placed. */
export function fixtureOf(named: Partial<Fixture>, placed: PlacedCall | undefined): Fixture {
  const { user = named.user ?? '@me', extension, call, from, number } = placed ?? ({} as PlacedCall);
  return { ...(named as Fixture), user, extension, call, from, number };
}
