import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Gate } from './gate.ts';

/** Tasks that pass one gate, each until it is told to leave. */
function visitors() {
  const gate = new Gate();
  const inside: string[] = [];
  const leave = new Map<string, (error?: Error) => void>();
  const come = (name: string, alone = false) =>
    gate.pass(alone, async () => {
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
    void come('alone', true);
    await turn();
    expect(inside).toEqual(['one', 'two']);
    await left('one');
    expect(inside).toEqual(['two']);
    await left('two');
    expect(inside).toEqual(['alone']);
  });

  test('lets nobody in beside one who is alone, and then all who wait together', async () => {
    const { come, inside, left } = visitors();
    void come('alone', true);
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
    void come('alone', true);
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
    for (const name of ['first', 'second', 'third']) void come(name, true);
    const seen: string[] = [];
    for (let count = 0; count < 3; count++) {
      await turn();
      seen.push(inside.join());
      await left(inside[0] ?? '');
    }
    expect(seen).toEqual(['first', 'second', 'third']);
  });

  test('returns what the task returns', async () => {
    expect(await new Gate().pass(true, async () => 'result')).toBe('result');
  });

  test.each([true, false])('opens again after an error, which it passes on (alone: %s)', async (alone) => {
    const { come, inside, left } = visitors();
    const failing = come('failing', alone);
    void come('next', true);
    await turn();
    await Promise.all([expect(failing).rejects.toThrow('no call'), left('failing', new Error('no call'))]);
    await turn();
    expect(inside).toEqual(['next']);
  });

  test('opens again after a task that throws at once', async () => {
    const gate = new Gate();
    const task = () => {
      throw new Error('no call');
    };
    await expect(gate.pass(true, task)).rejects.toThrow('no call');
    expect(await gate.pass(true, async () => 'in')).toBe('in');
  });
});
