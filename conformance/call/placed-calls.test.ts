import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { CallSourceFailure, Interruption, type CallContext, type PlacedCall } from './call-source.ts';
import { PlacedCalls } from './placed-calls.ts';

const context = {
  baseUrl: 'http://127.0.0.1',
  token: 'token',
  tokenInstead: async () => undefined,
  user: '12',
  extension: '0003*210',
  from: '0003*024',
  number: '0003*210',
};

/** Returns the calls of a source that places them one after the other, or does what the test says. */
function callsOf({
  place = async (_: CallContext, call: PlacedCall): Promise<PlacedCall> => call,
  end = async () => {},
  broken = [],
  limit = 1000,
  ...options
}: {
  place?: (context: CallContext, call: PlacedCall) => Promise<PlacedCall>;
  end?: () => Promise<void>;
  broken?: readonly string[];
  limit?: number;
  cutShort?: AbortSignal;
  grace?: number;
} = {}) {
  const ended: string[] = [];
  let count = 0;
  const source = {
    place: async (given: CallContext) => place(given, { ...context, call: `call${++count}` }),
    end: async ({ call }: PlacedCall) => {
      ended.push(call);
      await end();
    },
  };
  const calls = new PlacedCalls({
    source,
    contextOf: async () => context,
    brokenParts: () => broken,
    limit,
    ...options,
  });
  return { calls, ended, asked: () => count };
}

describe('a call is', () => {
  test('placed with what the source has to know', async () => {
    let seen: CallContext | undefined;
    const { calls } = callsOf({
      place: async (given, call) => {
        seen = given;
        return call;
      },
    });
    expect(await calls.place(true)).toMatchObject({ call: 'call1' });
    expect(seen).toMatchObject({ ...context, otherExtension: true, signal: { aborted: false } });
  });

  test('ended once, though it is asked for twice', async () => {
    const { calls, ended } = callsOf();
    const call = await calls.place(false);
    await Promise.all([calls.end([call]), calls.end([call])]);
    expect(await calls.close()).toEqual([]);
    expect(ended).toEqual(['call1']);
  });

  test('ended with the run if nobody ended it before', async () => {
    const { calls, ended } = callsOf();
    await calls.place(false);
    await calls.place(false);
    await calls.close();
    expect(ended.toSorted()).toEqual(['call1', 'call2']);
    await expect(calls.place(false)).rejects.toThrow('the run has ended');
  });

  test('ended at once if it comes after the limit', async () => {
    const place = async (_: CallContext, call: PlacedCall) => sleep(60, call);
    const { calls, ended } = callsOf({ place, limit: 20 });
    await expect(calls.place(false)).rejects.toThrow('the source of calls failed: it took longer than 20 ms');
    await calls.close();
    expect(ended).toEqual(['call1']);
  });

  test('remarked upon if it cannot be ended', async () => {
    const { calls } = callsOf({ end: () => Promise.reject(new Error('500\nat …')) });
    await calls.end([await calls.place(false)]);
    expect(await calls.close()).toEqual(['the call call1 could not be ended: 500']);
  });

  test('remarked upon if ending it takes too long', async () => {
    const { calls } = callsOf({ end: () => new Promise(() => {}), limit: 20 });
    await calls.place(false);
    expect(await calls.close()).toEqual(['the call call1 could not be ended: it took longer than 20 ms']);
  });

  test('not remarked upon if it was gone before', async () => {
    const { calls } = callsOf({ end: () => Promise.reject(new Error('unknown')) });
    await calls.end([await calls.place(false)], true);
    expect(await calls.close()).toEqual([]);
  });
});

describe('a run that is cut short', () => {
  const { signal: never } = new AbortController();

  test('waits for no call, and ends the one that comes all the same', async () => {
    const cut = new AbortController();
    const place = async ({ signal }: CallContext, call: PlacedCall) => sleep(60, call, { signal });
    const { calls, ended } = callsOf({ place, cutShort: cut.signal });
    const placing = calls.place(false);
    cut.abort(new Error('interrupted'));
    await expect(placing).rejects.toThrow('interrupted');
    expect(ended).toEqual([]);
    expect(await calls.close()).toEqual([]);
    expect(ended).toEqual(['call1']);
  });

  test('tells a source to give up that goes on for too long', async () => {
    const cut = new AbortController();
    let told = never;
    const place = async ({ signal }: CallContext, call: PlacedCall) => sleep(60_000, call, { signal: (told = signal) });
    const { calls, ended } = callsOf({ place, cutShort: cut.signal, grace: 20 });
    const placing = calls.place(false);
    cut.abort(new Error('interrupted'));
    await expect(placing).rejects.toThrow('interrupted');
    expect(await calls.close()).toEqual([]);
    expect(told.aborted).toBe(true);
    expect(ended).toEqual([]);
  });

  test('waits for a second at most after Ctrl-C, and tells which calls may be left', async () => {
    const cut = new AbortController();
    const { calls } = callsOf({ end: () => new Promise(() => {}), cutShort: cut.signal });
    await calls.place(false);
    cut.abort(new Interruption());
    const began = performance.now();
    expect(await calls.close()).toEqual(['the call call1 may be left: ending it took too long']);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test('remarks upon a source that does not give up', async () => {
    const cut = new AbortController();
    const { calls } = callsOf({ place: () => new Promise(() => {}), cutShort: cut.signal, grace: 20 });
    const placing = calls.place(false);
    cut.abort(new Error('interrupted'));
    await expect(placing).rejects.toThrow('interrupted');
    expect(await calls.close()).toEqual([
      'the source was still placing calls when the run ended, which may be left: 1',
    ]);
  });
});

describe('a source fails that', () => {
  const nonsense = (value: unknown) => async () => value as PlacedCall;
  test.each([
    ['throws', () => Promise.reject(new Error('all lines are busy')), /: all lines are busy$/],
    ['throws a text', () => Promise.reject('busy'), /: busy$/],
    ['returns nothing', nonsense(undefined), /it placed undefined, expected a call$/],
    ['returns a text', nonsense('call1'), /it placed call1, expected a call$/],
    ['returns a call without members', nonsense({ call: 'a', extension: 1 }), /without extension, from, number, each/],
    ['returns a call of no User', nonsense({ ...context, call: 'a', user: 12 }), /a call of no User$/],
  ])('%s', async (_, place, message) => {
    const { calls } = callsOf({ place });
    const failure = await calls.place(false).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CallSourceFailure);
    expect((failure as Error).message).toMatch(message);
  });

  test('places the same call twice', async () => {
    const { calls, ended } = callsOf({ place: async (_, call) => ({ ...call, call: 'same' }) });
    await calls.place(false);
    await expect(calls.place(false)).rejects.toThrow('it placed the call same a second time, expected a fresh one');
    await calls.close();
    expect(ended).toEqual(['same']);
  });

  test('places a call that breaks the contract, which is ended', async () => {
    const { calls, ended } = callsOf({ broken: ['path/phoneCallId'] });
    await expect(calls.place(false)).rejects.toThrow('it placed a call that breaks the contract: path/phoneCallId');
    expect(ended).toEqual(['call1']);
  });

  test('hangs three times, and is not asked again', async () => {
    const { calls, asked } = callsOf({ place: () => new Promise(() => {}), limit: 5 });
    for (let attempt = 0; attempt < 5; attempt++) await expect(calls.place(false)).rejects.toThrow(CallSourceFailure);
    expect(asked()).toBe(3);
  });
});
