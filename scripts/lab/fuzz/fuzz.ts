import fc from 'fast-check';
import { readContract } from '../../../conformance/contract/contract.ts';
import type { Connection } from './connection.ts';
import { connections } from './connections.ts';
import { judgeBy } from './judge.ts';
import { validMessages } from './requests.ts';
import { shrunk } from './shrink.ts';
import { Trial, type BadConnection } from './trial.ts';

/** How much is tried. */
export interface FuzzOptions {
  readonly requests: number;
  readonly seed: number;
  /** After so many seconds nothing more is tried: no further connection, and no bad one by itself. */
  readonly seconds: number;
  /** Is given a line about how far it is, now and then. */
  readonly report?: (line: string) => void;
}

/** What was tried, and what came of it. */
export interface FuzzResult {
  readonly connections: number;
  readonly seconds: number;
  /** The first that the mock did not stand, made as small as it could be. */
  readonly bad: BadConnection | undefined;
  /** The bytes that the mock used after a fifth of what was to be tried, and at the end. */
  readonly memory: readonly [number, number] | undefined;
}

/** How many connections are generated at once. */
const batch = 64;

/** How often a bad connection is tried again to make it smaller, and for how many milliseconds. */
const shrinkingTries = 300;
const shrinkingTime = 60_000;

/** How many milliseconds lie between two lines about how far it is. */
const reporting = 10_000;

/** Sends a mock generated requests, until one is answered badly, and then one with nothing wrong. */
export async function fuzzMock({ requests, seed, seconds, report }: FuzzOptions): Promise<FuzzResult> {
  const contract = readContract();
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  const generated = generate(connections(contract), seed);
  const isOver = (): boolean => elapsed() >= seconds;
  const trial = await Trial.start(judgeBy(contract), isOver);
  const timer = setInterval(() => report?.(progressOf(trial, requests, elapsed())), reporting);
  const fifth = Math.ceil(requests / 5);
  try {
    await trial.run(generated, fifth);
    const early = trial.count < fifth ? undefined : await trial.memory();
    await trial.run(generated, requests - trial.count);
    const late = await trial.memory();
    const tried = trial.count;
    await trial.run(generate(validTransfer(contract), seed), 1);
    const memory = early === undefined || late === undefined ? undefined : ([early, late] as const);
    return { connections: tried, bad: await smallest(trial, isOver), memory, seconds: elapsed() };
  } finally {
    clearInterval(timer);
    await trial.close();
  }
}

function progressOf({ count, suspects }: Trial, requests: number, elapsed: number): string {
  const stage = suspects === 0 ? '' : `; ${suspects} of them may be bad, and are tried by themselves`;
  return `${count} of ${requests} connections after ${elapsed.toFixed(0)} s${stage}`;
}

/** The same connections for the same seed, however many are taken. */
function* generate(arbitrary: fc.Arbitrary<Connection>, seed: number): Generator<Connection> {
  for (let own = seed; ; own++) yield* fc.sample(arbitrary, { seed: own, numRuns: batch });
}

function validTransfer(contract: ReturnType<typeof readContract>): fc.Arbitrary<Connection> {
  return validMessages(contract)
    .filter(({ expected }) => expected?.operation?.id === 'transferPhoneCall')
    .map(({ bytes, expected }) => ({ pieces: [bytes], ending: 'waits', expected: expected && [expected] }));
}

async function smallest(trial: Trial, isOver: () => boolean): Promise<BadConnection | undefined> {
  const bad = await trial.confirmed();
  if (!bad?.isReproduced) return bad;
  let { problem } = bad;
  const started = performance.now();
  const connection = await shrunk(
    bad.connection,
    async (candidate) => {
      if (isOver() || performance.now() - started > shrinkingTime) return false;
      const found = await trial.alone(candidate);
      problem = found ?? problem;
      return found !== undefined;
    },
    shrinkingTries,
  );
  return { ...bad, connection, problem };
}
