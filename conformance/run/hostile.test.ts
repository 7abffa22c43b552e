import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { documented } from '../../scripts/lab/servers/plain/documented.ts';
import { reading, showing, type Members } from '../../scripts/lab/servers/plain/variations.ts';
import type { Target } from './target.ts';
import { unfinishedRemarks } from './result.ts';
import { examine as examineBehaviour, examineTarget, targetAt } from './testing/examine.ts';
import { listenForTest, servePlain } from '../testing/servers.ts';

/** Runs the suite against a server, whose effects are not waited for. */
function examine(baseUrl: string, changes: Partial<Target> = {}) {
  return examineTarget(targetAt(baseUrl, { effectTimeout: 200, ...changes }));
}

/** Starts a server that handles requests as the test says, and remembers what it was asked for. */
async function listen(answer: Parameters<typeof createServer>[1] = () => undefined) {
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(`${request.method} ${request.headers.authorization}`);
    answer(request, response);
  });
  return { url: await listenForTest(server), received };
}

const countOf = (results: readonly { readonly reason?: string | undefined }[], pattern: RegExp) =>
  results.filter(({ reason }) => pattern.test(reason ?? '')).length;

describe('a server', () => {
  test.each([1, 5])('that never answers is given up after %d requests in a row of each kind', async (maxTimeouts) => {
    const { url, received } = await listen();
    const { results } = await examine(url, { timeout: 50, maxTimeouts, concurrency: 1 });
    expect(results.filter(({ verdict }) => verdict === 'fail').length).toBeGreaterThan(0);
    expect(
      countOf(results, /^\d+ (?:(?:valid|invalid|other) (?:GET|PUT) )?requests in a row ran into the time limit$/),
    ).toBeGreaterThan(200);
    // Ten are sent at once in one case.
    expect(received.length).toBeLessThan(4 * maxTimeouts + 20);
  });

  test('that answers refusals only is given up as to transfers, and its refusals are seen', async () => {
    let unanswered = 0;
    const plain = await servePlain({
      behaviour: {
        send: (answer, exchange) =>
          answer.outcome === 'transferred' ? void unanswered++ : documented.send(answer, exchange),
      },
    });
    const { results } = await examine(plain.url, { timeout: 2000, maxTimeouts: 2 });
    expect(results.filter(({ answers }) => answers.some((answer) => answer.startsWith('400'))).length).toBeGreaterThan(
      100,
    );
    expect(countOf(results, /^\d+ valid PUT requests in a row ran into the time limit$/)).toBeGreaterThan(10);
    // Ten are sent at once in one case.
    expect(unanswered).toBeLessThan(2 + 10);
  });

  test.each([
    ['shows no parties', []],
    ['shows parties that are no numbers', [{ source: [null], destination: ['Alice'] }]],
  ])('that accepts everything, and %s, leaves no case without its request', async (_, phoneCallView) => {
    const { url } = await listen((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: 'b817d2618fe6f1804333', extension: '0003*210', phoneCallView }));
    });
    const { results } = await examine(url);
    expect(results.filter(({ verdict }) => verdict === 'error').map(({ id, reason }) => [id, reason])).toEqual([]);
  });

  test('that dies half-way is not waited for', async () => {
    let left = 100;
    const plain = await servePlain({
      behaviour: {
        finish: (answer, exchange) => {
          if (--left === 0) void plain.close();
          return documented.finish(answer, exchange);
        },
      },
    });
    const { results } = await examine(plain.url);
    expect(results.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(10);
    expect(countOf(results, /^the target cannot be reached any more: .*ECONNREFUSED/)).toBeGreaterThan(100);
    expect(countOf(results, /^the target cannot be reached: /)).toBeLessThan(64);
  });

  test('that is slow is left when the run is over, and what was found is kept', async () => {
    let answered = 0;
    const plain = await servePlain({
      behaviour: { send: (...args) => (answered++ < 50 ? documented.send(...args) : undefined) },
    });
    const { results, remarks } = await examine(plain.url, { timeout: 600_000, maxDuration: 4 });
    expect(results.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(0);
    const unfinished = results.filter(({ cutShort }) => cutShort === true);
    expect(unfinished.length).toBeGreaterThan(100);
    expect(new Set(unfinished.map(({ reason }) => reason))).toEqual(
      new Set(['the run was ended after 4 s, its time limit']),
    );
    expect([...unfinishedRemarks(results), ...remarks]).toEqual([
      `the run was ended after 4 s, its time limit, and cases left unfinished: ${unfinished.length}`,
    ]);
  });
});

describe('no other origin is asked, and gets the token,', () => {
  test('where the links of calls lead there', async () => {
    const other = await listen((_, response) => response.end());
    const away = (call: Members) => ({ ...call, link: { self: `${other.url}/uapi/phoneCalls/12/0003*210/b817` } });
    const plain = await servePlain({ behaviour: { ...showing(away), ...reading(away) } });
    const { results } = await examine(plain.url);
    const bodies = results.flatMap(({ exchanges }) => exchanges.map(({ response }) => response?.body.text));
    expect(bodies.some((body) => body?.includes(other.url))).toBe(true);
    expect(other.received).toEqual([]);
  });

  test('where it is redirected there', async () => {
    const statuses = [301, 302, 303, 307, 308];
    const other = await listen((_, response) => response.end());
    const redirecting = await listen(({ url }, response) => {
      const status = statuses[redirecting.received.length % statuses.length] ?? 0;
      response.writeHead(status, { location: `${other.url}${url}` }).end();
    });
    const { results } = await examine(redirecting.url);
    const answers = new Set(results.flatMap((result) => result.answers));
    expect([...answers]).toEqual(expect.arrayContaining(statuses.map(String)));
    expect(redirecting.received.length).toBeGreaterThan(100);
    expect(other.received).toEqual([]);
  });
});

test('a code of a million characters is told in a few', async () => {
  const { results } = await examineBehaviour(
    { showRefusal: ({ message }) => ({ error: { code: 'y'.repeat(1_000_000), message } }) },
    {},
    { only: ['body/action/*'] },
  );
  const answers = results.flatMap((result) => result.answers);
  expect(answers.filter((answer) => answer.startsWith('501 y') && answer.length < 300).length).toBeGreaterThan(20);
  expect(JSON.stringify(results).length).toBeLessThan(results.length * 30_000);
});
