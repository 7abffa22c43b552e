import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Gate, type Passage } from './gate.ts';

/** Tasks that pass one gate, each until it is told to leave. */
function visitors() {
  const gate = new Gate();
  const inside: string[] = [];
  const leave = new Map<string, (error?: Error) => void>();
  const come = (name: string, passage: Passage = 'together') =>
    gate.pass(passage, async () => {
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

describe('a gate', () => {
  test('lets many in together', async () => {
    const { come, inside } = visitors();
    for (const name of ['one', 'two', 'three']) void come(name);
    await turn();
    expect(inside).toEqual(['one', 'two', 'three']);
  });

  test('lets one in alone, once all others have left', async () => {
    const { come, inside, left } = visitors();
    void come('one');
    void come('two');
    void come('alone', 'alone');
    await turn();
    expect(inside).toEqual(['one', 'two']);
    await left('one');
    expect(inside).toEqual(['two']);
    await left('two');
    expect(inside).toEqual(['alone']);
  });

  test('lets nobody in beside one who is alone, and then all who wait together', async () => {
    const { come, inside, left } = visitors();
    void come('alone', 'alone');
    void come('one');
    void come('two');
    await turn();
    expect(inside).toEqual(['alone']);
    await left('alone');
    expect(inside).toEqual(['one', 'two']);
  });

  test('lets nobody overtake one who waits to be alone', async () => {
    const { come, inside, left } = visitors();
    void come('one');
    void come('alone', 'alone');
    void come('late');
    await turn();
    expect(inside).toEqual(['one']);
    await left('one');
    expect(inside).toEqual(['alone']);
    await left('alone');
    expect(inside).toEqual(['late']);
  });

  test('lets those who are alone in one after the other, in the order in which they came', async () => {
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

  test('lets one in once all before it have left, and those that come after it too', async () => {
    const { come, inside, left } = visitors();
    void come('before');
    void come('after others', 'after others');
    void come('late');
    void come('alone', 'alone');
    await turn();
    expect(inside).toEqual(['before']);
    await left('before');
    expect(inside).toEqual(['after others', 'late']);
    await left('late');
    expect(inside).toEqual(['after others']);
    await left('after others');
    expect(inside).toEqual(['alone']);
  });

  test('returns what the task returns', async () => {
    expect(await new Gate().pass('alone', async () => 'result')).toBe('result');
  });

  test.each<Passage>(['alone', 'together', 'after others'])(
    'opens again after an error, which it passes on (%s)',
    async (passage) => {
      const { come, inside, left } = visitors();
      const failing = come('failing', passage);
      void come('next', 'alone');
      await turn();
      await Promise.all([expect(failing).rejects.toThrow('no call'), left('failing', new Error('no call'))]);
      await turn();
      expect(inside).toEqual(['next']);
    },
  );

  test('opens again after a task that throws at once', async () => {
    const gate = new Gate();
    const task = () => {
      throw new Error('no call');
    };
    await expect(gate.pass('alone', task)).rejects.toThrow('no call');
    expect(await gate.pass('alone', async () => 'in')).toBe('in');
  });
});
