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
  /** Whether it is bad by itself too, and not beside others only. */
  readonly isReproduced: boolean;
}

/** How many connections are open at once. */
const atOnce = 256;

/** Within so many milliseconds a connection is answered or ended, on a busy machine too. */
const limit = 40_000;

/** The connections that a mock is tried with. */
export class Trial {
  /** How many were tried. */
  count = 0;
  readonly #judge: Judge;
  readonly #isOver: () => boolean;
  readonly #open = new Map<number, Connection>();
  readonly #suspects: Omit<BadConnection, 'isReproduced'>[] = [];
  #mock: MockUnderTest;

  constructor(mock: MockUnderTest, judge: Judge, isOver: () => boolean) {
    this.#mock = mock;
    this.#judge = judge;
    this.#isOver = isOver;
  }

  /** Starts a mock to be tried until it is time to stop. */
  static async start(judge: Judge, isOver: () => boolean): Promise<Trial> {
    return new Trial(await startMockUnderTest(), judge, isOver);
  }

  /** Tries so many more connections, several at once, until one is bad. */
  async run(generated: Iterator<Connection>, count: number): Promise<void> {
    let left = count;
    const work = async (): Promise<void> => {
      while (left > 0 && this.#suspects.length === 0 && !this.#isOver()) {
        left--;
        this.count++;
        await this.#try(this.count, generated.next().value as Connection);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, work));
  }

  /** How many bytes the mock uses, if it still runs. */
  async memory(): Promise<number | undefined> {
    return this.#suspects.length > 0 || this.#mock.crash() !== undefined ? undefined : this.#mock.memory();
  }

  /** The first connection that was bad, and is so by itself if any is. */
  async confirmed(): Promise<BadConnection | undefined> {
    const suspects = this.#suspects.toSorted((one, other) => one.number - other.number);
    for (const suspect of suspects) {
      const problem = await this.alone(suspect.connection);
      if (problem !== undefined) return { ...suspect, problem, isReproduced: true };
    }
    return suspects[0] && { ...suspects[0], isReproduced: false };
  }

  /** What is wrong when a connection is the only one. */
  async alone(connection: Connection): Promise<string | undefined> {
    if (this.#mock.crash() !== undefined) this.#mock = await startMockUnderTest();
    const problem = this.#judge(connection, await converse(this.#mock.url, connection, limit));
    return this.#mock.crash() ?? problem;
  }

  async close(): Promise<void> {
    await this.#mock.close();
  }

  async #try(number: number, connection: Connection): Promise<void> {
    this.#open.set(number, connection);
    const outcome = await converse(this.#mock.url, connection, limit);
    const crash = this.#mock.crash();
    if (crash !== undefined) {
      for (const [one, sent] of this.#open) this.#suspects.push({ number: one, problem: crash, connection: sent });
    }
    const problem = this.#judge(connection, outcome);
    if (crash === undefined && problem !== undefined) this.#suspects.push({ number, problem, connection });
    this.#open.delete(number);
  }
}
