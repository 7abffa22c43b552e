import type { Connection } from './connection.ts';
import { converse } from './converse.ts';
import type { Judge } from './judge.ts';
import { startMockUnderTest, type MockUnderTest } from './mock-under-test.ts';

/** A connection that the mock did not stand. */
export interface BadConnection {
  /** Which one it was, from 1. */
  readonly number: number;
  readonly problem: string;
  readonly connection: Connection;
  /** Whether it is bad by itself too, or undefined where there was no time to find out. */
  readonly isReproduced: boolean | undefined;
}

/** How many connections are open at once. */
const atOnce = 256;

/** Within so many milliseconds a connection is answered or ended, on a busy machine too; alone it takes less. */
const limit = 40_000;
const limitAlone = 20_000;

/** Of so many connections one may be what a crash came of: those that are open, and those that just ended. */
const recent = 2 * atOnce;

/** The connections that a mock is tried with. */
export class Trial {
  /** How many were tried. */
  count = 0;
  readonly #judge: Judge;
  readonly #isOver: () => boolean;
  readonly #recent = new Map<number, Connection>();
  readonly #suspects = new Map<number, Omit<BadConnection, 'isReproduced'>>();
  readonly #start: () => Promise<MockUnderTest>;
  #mock: MockUnderTest;

  private constructor(mock: MockUnderTest, start: () => Promise<MockUnderTest>, judge: Judge, isOver: () => boolean) {
    this.#mock = mock;
    this.#start = start;
    this.#judge = judge;
    this.#isOver = isOver;
  }

  /** Starts a mock to be tried until it is time to stop. */
  static async start(judge: Judge, isOver: () => boolean, start = () => startMockUnderTest()): Promise<Trial> {
    return new Trial(await start(), start, judge, isOver);
  }

  /** Tries so many more connections, several at once, until one is bad. */
  async run(generated: Iterator<Connection>, count: number): Promise<void> {
    let left = count;
    const work = async (): Promise<void> => {
      while (left > 0 && this.#suspects.size === 0 && !this.#isOver()) {
        left--;
        this.count++;
        await this.#try(this.count, generated.next().value as Connection);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, work));
  }

  /** How many connections may be bad. */
  get suspects(): number {
    return this.#suspects.size;
  }

  /** How many bytes the mock uses, if nothing was bad so far. */
  async memory(): Promise<number | undefined> {
    return this.#suspects.size > 0 ? undefined : this.#mock.memory();
  }

  /** The first connection that was bad, and is so by itself if any is that there is time to try. */
  async confirmed(): Promise<BadConnection | undefined> {
    const suspects = [...this.#suspects.values()].toSorted((one, other) => one.number - other.number);
    for (const suspect of suspects) {
      if (this.#isOver()) return { ...suspect, isReproduced: undefined };
      const problem = await this.alone(suspect.connection);
      if (problem !== undefined) return { ...suspect, problem, isReproduced: true };
    }
    return suspects[0] && { ...suspects[0], isReproduced: false };
  }

  /** What is wrong when a connection is the only one. */
  async alone(connection: Connection): Promise<string | undefined> {
    if ((await this.#mock.trouble()) !== undefined) {
      await this.#mock.close();
      this.#mock = await this.#start();
    }
    const problem = this.#judge(connection, await converse(this.#mock.url, connection, limitAlone));
    return (await this.#mock.trouble()) ?? problem;
  }

  async close(): Promise<void> {
    await this.#mock.close();
  }

  async #try(number: number, connection: Connection): Promise<void> {
    this.#recent.set(number, connection);
    const problem = this.#judge(connection, await converse(this.#mock.url, connection, limit));
    if (problem !== undefined) await this.#suspect(number, problem, connection);
    this.#recent.delete(number - recent);
  }

  /** Holds a connection for bad, and all recent ones too, where the mock has more trouble than that. */
  async #suspect(number: number, problem: string, connection: Connection): Promise<void> {
    this.#suspects.set(number, { number, problem, connection });
    const candidates = [...this.#recent];
    // A process that crashed ends its connections before it is known to have ended itself.
    const trouble = await this.#mock.trouble();
    if (trouble === undefined) return;
    for (const [one, sent] of candidates) this.#suspects.set(one, { number: one, problem: trouble, connection: sent });
  }
}
