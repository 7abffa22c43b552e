import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

async function timesOf(pace: Pace, count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, () => pace.turn().then(() => performance.now())));
}

test('a rate keeps requests apart, however many ask at once', async () => {
  const started = performance.now();
  const times = await timesOf(new Pace(50), 4);
  times.forEach((time, index) => expect(time - started).toBeGreaterThanOrEqual(index * 20));
});

test('a hold keeps back those that wait already', async () => {
  const pace = new Pace(50);
  const started = performance.now();
  const times = timesOf(pace, 3);
  expect(pace.hold(80)).toBeGreaterThan(70);
  expect(pace.hold(40)).toBe(0);
  const [, second = 0, third = 0] = await times;
  expect(second - started).toBeGreaterThanOrEqual(80);
  expect(third - started).toBeGreaterThanOrEqual(100);
});

test('a wait ends when the run does, by its reason', async () => {
  const controller = new AbortController();
  const pace = new Pace(1, controller.signal);
  const times = timesOf(pace, 2);
  controller.abort(new Error('the run was interrupted'));
  await expect(times).rejects.toThrow('the run was interrupted');
});
