import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Case, Effect } from '../cases/case.ts';
import { Gate, groupCases } from './schedule.ts';

/** The ways to use a lock. */
type Passage = 'alone' | 'use';

/** Makes tasks on one call, each of which ends when `left` is called with its name. */
function visitors() {
  const lock = new Gate();
  const inside: string[] = [];
  const leave = new Map<string, (error?: Error) => void>();
  const come = (name: string, passage: Passage = 'use') =>
    lock[passage](async () => {
      inside.push(name);
      try {
        await new Promise<void>((resolve, reject) => {
          leave.set(name, (error) => (error === undefined ? resolve() : reject(error)));
        });
      } finally {
        inside.splice(inside.indexOf(name), 1);
      }
      return name;
    });
  const left = async (name: string, error?: Error) => {
    leave.get(name)?.(error);
    await turn();
  };
  return { come, inside, left };
}

describe('cases are grouped', () => {
  const cases = (['moves all', 'moves', 'watches', 'reads', 'keeps', 'moves'] as Effect[]).map((effect, index) => {
    return { id: String(index), effect, breaks: [] as readonly string[] } as Case;
  });

  test('refusals first, then readings, then transfers, and those of all calls one by one', () => {
    expect(
      groupCases(cases).map(({ name, sideBySide, cases: own }) => [name, sideBySide, own.map(({ id }) => id)]),
    ).toEqual([
      ['refusals', true, ['4']],
      ['readings', true, ['2', '3']],
      ['transfers', true, ['1', '5']],
      ['transfers of all calls', false, ['0']],
    ]);
  });

  test('those without authorization before other refusals', () => {
    const refusals = [['body/action'], ['authorization'], []].map((breaks, index) => {
      return { id: String(index), effect: 'keeps', breaks } as unknown as Case;
    });
    expect(groupCases(refusals).flatMap((group) => group.cases.map(({ id }) => id))).toEqual(['1', '0', '2']);
  });

  test('without groups that have none', () => {
    expect(
      groupCases([])
        .concat(groupCases(cases.slice(0, 1)))
        .map(({ name }) => name),
    ).toEqual(['transfers of all calls']);
  });
});

describe('a gate', () => {
  test.each<[what: string, come: string[], steps: [left: string, inside: string[]][]]>([
    ['many in together', ['one', 'two', 'three'], [['', ['one', 'two', 'three']]]],
    [
      'one in alone, once all others have left',
      ['one', 'two', 'alone'],
      [
        ['', ['one', 'two']],
        ['one', ['two']],
        ['two', ['alone']],
      ],
    ],
    [
      'none in while one is alone, and then all that wait together',
      ['alone', 'one', 'two'],
      [
        ['', ['alone']],
        ['alone', ['one', 'two']],
      ],
    ],
    [
      'none overtake one that waits to be alone',
      ['one', 'alone', 'late'],
      [
        ['', ['one']],
        ['one', ['alone']],
        ['alone', ['late']],
      ],
    ],
  ])('lets %s', async (_, names, steps) => {
    const { come, inside, left } = visitors();
    for (const name of names) void come(name, name === 'alone' ? 'alone' : 'use');
    for (const [name, expected] of steps) {
      await left(name);
      expect(inside).toEqual(expected);
    }
  });

  test('lets those that are alone in one after the other, in the order in which they came', async () => {
    const { come, inside, left } = visitors();
    for (const name of ['first', 'second', 'third']) void come(name, 'alone');
    const seen: string[] = [];
    for (let count = 0; count < 3; count++) {
      await turn();
      seen.push(inside.join());
      await left(inside[0] ?? '');
    }
    expect(seen).toEqual(['first', 'second', 'third']);
  });

  test('lets in as many as it has room for, and first the one that is next', async () => {
    const gate = new Gate(1);
    const order: string[] = [];
    const come = (name: string, isNext?: boolean) => gate.use(async () => void order.push(name), isNext);
    await Promise.all([come('first'), come('second'), come('next', true)]);
    expect(order).toEqual(['first', 'next', 'second']);
  });

  test.each<Passage>(['alone', 'use'])('opens again after an error, which it passes on (%s)', async (passage) => {
    const { come, inside, left } = visitors();
    const failing = come('failing', passage);
    void come('next', 'alone');
    await turn();
    await Promise.all([expect(failing).rejects.toThrow('no call'), left('failing', new Error('no call'))]);
    await turn();
    expect(inside).toEqual(['next']);
  });
});
