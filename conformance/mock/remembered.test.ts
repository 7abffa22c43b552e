import { expect, test } from 'vitest';
import { remembered } from './remembered.ts';

function counting(): { ask: (subject: string) => Promise<string>; computed: string[] } {
  const computed: string[] = [];
  const compute = async (subject: string): Promise<string> => {
    computed.push(subject);
    return subject.toUpperCase();
  };
  return { ask: remembered(compute, (subject) => subject), computed };
}

test('what was asked before is answered without computing it again', async () => {
  const { ask, computed } = counting();
  expect([await ask('a'), await ask('b'), await ask('a')]).toEqual(['A', 'B', 'A']);
  expect(computed).toEqual(['a', 'b']);
});

test('what was asked for lately is remembered, and what was not is forgotten', async () => {
  const { ask, computed } = counting();
  await ask('often');
  for (let number = 0; number < 2000; number++) {
    await ask(String(number));
    if (number % 100 === 0) await ask('often');
  }
  computed.length = 0;
  for (const subject of ['often', '1999', '0']) await ask(subject);
  expect(computed).toEqual(['0']);
});

test('what has no key is computed each time', async () => {
  let computed = 0;
  const ask = remembered(
    async () => ++computed,
    () => undefined,
  );
  expect([await ask('a'), await ask('a')]).toEqual([1, 2]);
});

test('what fails is not remembered', async () => {
  let attempts = 0;
  const ask = remembered(
    async () => {
      attempts++;
      if (attempts === 1) throw new Error('once');
      return attempts;
    },
    () => 'key',
  );
  await expect(ask(undefined)).rejects.toThrow('once');
  expect(await ask(undefined)).toBe(2);
});
