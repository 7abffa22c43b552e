import { describe, expect, test } from 'vitest';
import type { Exchange } from '../target/exchange.ts';
import { Availability, Pace, retryAfter, UnavailableTarget, Responsiveness } from './traffic.ts';

const request = { method: 'PUT', path: '/uapi/phoneCalls/12/0003*210/b8', headers: {}, body: '{}' };

function answered(status: number, headers: Record<string, string> = {}): Exchange {
  const body = { length: 0, text: '', json: undefined, problem: undefined };
  return { request, response: { status, headers, body, duration: 1 }, failure: undefined };
}

/** Gives answers one after the other, and then the last one for ever. */
function server(...answers: Exchange[]) {
  let count = 0;
  const send = async () => answers[Math.min(count++, answers.length - 1)] as Exchange;
  return {
    send,
    get count() {
      return count;
    },
  };
}

const atOnce = { 'retry-after': '0' };

describe('a request that a server has no time for', () => {
  test.each([429, 503])('is sent again after %d, and the next answer counts', async (status) => {
    const { send } = server(answered(status, atOnce), answered(status), answered(200));
    const { response } = await new Availability(new Pace()).answer(send);
    expect(response?.status).toBe(200);
  });

  test('is sent three times more', async () => {
    const asked = server(answered(503, atOnce));
    await expect(new Availability(new Pace()).answer(asked.send)).rejects.toThrow(
      new UnavailableTarget('the target answered 503, at whatever time it was asked: run it again when it has time'),
    );
    expect(asked.count).toBe(4);
  });

  test('is sent once where three others were in vain, and again after one was not', async () => {
    const availability = new Availability(new Pace());
    const inVain = server(answered(503, atOnce));
    for (let count = 0; count < 5; count++) {
      await expect(availability.answer(inVain.send)).rejects.toThrow(UnavailableTarget);
    }
    expect(inVain.count).toBe(3 * 4 + 2);
  });

  test('is not waited for longer than a run has patience, and nothing more is sent until then', async () => {
    const availability = new Availability(new Pace());
    const asked = server(answered(429, { 'retry-after': '3600' }));
    for (let count = 0; count < 3; count++) {
      await expect(availability.answer(asked.send)).rejects.toThrow(
        'the target answered 429 and has no time for 3600 s: send less with --rate N',
      );
    }
    expect(asked.count).toBe(1);
  });
});

test.each([200, 400, 401, 500, 501, 502, 504])('an answer of %d counts at once', async (status) => {
  const asked = server(answered(status));
  expect((await new Availability(new Pace()).answer(asked.send)).response?.status).toBe(status);
  expect(asked.count).toBe(1);
});

test('no answer at all counts at once', async () => {
  const lost: Exchange = { request, response: undefined, failure: { kind: 'closed', message: 'gone' } };
  const asked = server(lost);
  expect(await new Availability(new Pace()).answer(asked.send)).toBe(lost);
});

describe('Retry-After', () => {
  const date = 'Mon, 23 Nov 2026 18:00:00 GMT';
  test.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['a date, by the clock of the server', { 'retry-after': 'Mon, 23 Nov 2026 18:00:09 GMT', date }, 9000],
    ['a date that is over', { 'retry-after': 'Mon, 23 Nov 2026 17:00:00 GMT', date }, 0],
    ['a date, without a clock', { 'retry-after': 'Mon, 23 Nov 2026 18:00:03 GMT' }, 3000],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['a negative number', { 'retry-after': '-x' }, undefined],
    ['nothing', {}, undefined],
  ])('means %s', (_, headers: Record<string, string>, milliseconds) => {
    expect(retryAfter({ headers }, Date.parse(date))).toBe(milliseconds);
  });
});

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

test.each([
  ['that follow on each other from the beginning', 3, () => true, /^3 requests in a row ran into the time limit$/],
  ['of all kinds in a row', 7, (count: number) => count > 0, /^6 requests in a row ran into the time limit$/],
  ['two of three in all', 36, (count: number) => count % 3 !== 0, /^24 requests ran into the time limit$/],
])('a server is given up after timeouts %s', (_, requests, isTimeout, reason) => {
  const responsiveness = new Responsiveness(3);
  for (let count = 0; count < requests; count++) {
    // Two of a kind are never enough.
    const kind = `valid ${count % 10}` as const;
    responsiveness.assert(kind);
    const failure = isTimeout(count) ? { kind: 'time-out' as const, message: 'late' } : undefined;
    responsiveness.note(kind, { request, response: undefined, failure });
  }
  expect(() => responsiveness.assert('valid GET')).toThrow(reason);
});
