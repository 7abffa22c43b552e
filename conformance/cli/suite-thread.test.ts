import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import type { ConformanceInput } from '../suite-input.ts';
import { exampleFixture } from '../call/fixture.ts';
import { SuiteThread } from './suite-thread.ts';

const limits = { profiles: ['core'], concurrency: 8, timeout: 1000, effectTimeout: 1000 };
const input: ConformanceInput = {
  // Nothing listens there, and nothing is sent.
  target: {
    baseUrl: 'http://127.0.0.1:9',
    loopback: true,
    token: 'token',
    tokenNamed: true,
    fixture: exampleFixture(readContract()),
    ...limits,
  },
  selection: { profiles: ['core'], only: ['body/sendCallTo'], fuzz: undefined },
  calls: undefined,
  selfCheck: false,
};

let thread: SuiteThread;
beforeEach(() => {
  thread = new SuiteThread();
});
afterEach(() => thread.close());

test('a run that is prepared is told with its cases and all requirements', async () => {
  const { cases, requirements, undertaking } = await thread.prepare(input);
  expect(cases).toBeGreaterThan(20);
  expect(requirements.map(({ profile }) => profile)).toContain('bulk');
  expect(undertaking).toBeUndefined();
});

test('a run on a live system is told with what it moves', async () => {
  const target = { ...input.target, baseUrl: 'https://pbx.example.com', loopback: false };
  const { cases, undertaking } = await thread.prepare({ ...input, target });
  expect(undertaking).toMatchObject({ baseUrl: target.baseUrl, transfers: 1, bulkTransfers: 0, refusals: cases - 1 });
});

describe('what cannot be run is told before anything is sent:', () => {
  const { target, selection } = input;
  test.each<[string, Partial<ConformanceInput>, RegExp]>([
    [
      'a fixture that breaks the contract',
      { target: { ...target, fixture: { ...target.fixture, from: 'x' } } },
      /^--from "x" is no transferFromNumber: expected /,
    ],
    [
      'a pattern that matches nothing',
      { selection: { ...selection, only: ['body/sendCallTwo'] } },
      /^--only body\/sendCallTwo: matches no case: did you mean body\/sendCallTo\?/,
    ],
    [
      'more shards than cases',
      { selection: { ...selection, shard: { index: 1, count: 1000 } } },
      /^--shard 1\/1000: the run has too few cases: /,
    ],
    [
      'a source of calls that is not there',
      { calls: 'file:///nowhere/calls.ts' },
      /^The call source .* cannot be loaded: /,
    ],
  ])('%s', async (_, changed, message) => {
    await expect(thread.prepare({ ...input, ...changed })).rejects.toThrow(message);
  });
});

test('whoever asks a thread that ended is told', async () => {
  await thread.prepare(input);
  await thread.close();
  await expect(thread.begin('nobody')).rejects.toThrow('The suite could not be run: its thread ended with 1');
});
