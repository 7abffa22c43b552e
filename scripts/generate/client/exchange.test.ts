import { getEventListeners } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { runInNewContext } from 'node:vm';
import { generate as generateCertificate } from 'selfsigned';
import { beforeEach, describe, expect, test } from 'vitest';

import { readContract } from '../../../conformance/contract/contract.ts';
import { listenForTest } from '../../../conformance/testing/servers.ts';
import { TimedOutError, TransferClientError, UnexpectedAnswerError, UnsafeParameterError } from './errors.ts';
import {
  createTransferClient,
  transferEveryPhoneCallOfTheExtension,
  type TransferClient,
  type TransferClientOptions,
  type TransferFetch,
} from './index.ts';

const call = { userId: '12', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
const transfer = { ...call, sendCallTo: '3235742879', transferFromNumber: '0003*024' };

let server: Server;
let requests: number;
beforeEach(() => void (requests = 0));

async function clientOf(
  answer: RequestListener,
  options: Partial<TransferClientOptions> = {},
): Promise<TransferClient> {
  server = createServer((request, response) => {
    requests += 1;
    answer(request, response);
  });
  return createTransferClient({ baseUrl: await listenForTest(server), token: 'token', ...options });
}

const hangs: RequestListener = () => undefined;
const hangsWithinTheBody: RequestListener = (_, response) => void response.writeHead(200).write('{"id":');
const breaksOff: RequestListener = (request) => void request.socket.destroy();

function answering(status: number, body = '', headers: Record<string, string> = {}): RequestListener {
  return (_, response) => void response.writeHead(status, headers).end(body);
}

describe('an answer outside the contract is an error that has it:', () => {
  test.each([
    ['another status', 404, '{"error":{"code":"a","message":"b"}}', /404, .* no answer with status 404$/],
    ['a redirection', 307, '', /307, .* not followed, and it leads to \/elsewhere$/],
    ['a success that tells of an error', 200, '{"error":{"code":"a","message":"b"}}', /must have no "error"$/],
    ['a success that tells of an error in a word', 200, '{"error":"invalid_token"}', /must have no "error"$/],
    ['a success without a body', 200, '', /must be a JSON object$/],
    ['a success that is no JSON', 200, '<html>', /must be a JSON object$/],
    ['a success that is a list', 200, '[]', /must be a JSON object$/],
    ['a refusal without a body', 400, '', /must be a JSON object$/],
    ['a refusal that is no JSON', 400, 'null', /must be a JSON object$/],
    ['a refusal without an error', 400, '{"code":"a"}', /must have an object "error"/],
    ['a refusal without a code', 400, '{"error":{"message":"b"}}', /with texts "code" and "message"$/],
    ['a refusal with another code than text', 400, '{"error":{"code":5,"message":"b"}}', /with texts "code"/],
  ])('%s', async (_, status, body, message) => {
    const client = await clientOf(answering(status, body, { location: '/elsewhere' }));
    const error = await client.transferPhoneCall(transfer).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(error).toBeInstanceOf(TransferClientError);
    expect(error).toMatchObject({ status, response: { status }, message: expect.stringMatching(message) });
    expect(requests).toBe(1);
  });
});

/** Calls a promise's outcome by what a caller sees of it. */
async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (answer) => ({ resolved: answer }),
    (reason: unknown) => reason,
  );
}

const foreign = (code: string): unknown => runInNewContext(code);
const reasons: readonly unknown[] = [
  [new Error('the user hung up'), 'text', { by: 'user' }, { error: { code: 'x' } }, null, 0, false],
  [foreign('new Error("of another realm")'), new TimedOutError('getPhoneCall', 1, 'answer'), Symbol('stop')],
].flat();
const networkError = expect.objectContaining({ name: 'NetworkError' });
const timedOut = expect.objectContaining({ name: 'TimedOutError', awaited: 'answer' });
const moments: readonly (readonly [string, RequestListener])[] = [
  ['before the answer', hangs],
  ['within its body', hangsWithinTheBody],
  ['within the body of a refusal', (_, response) => void response.writeHead(400).write('{"error":')],
];

describe.each(moments)('no complete answer: %s', (_, answer) => {
  test('in time is a time-out', async () => {
    const client = await clientOf(answer, { timeout: 50 });
    const outcome = await outcomeOf(client.transferPhoneCall(transfer));
    expect(outcome).toBeInstanceOf(TimedOutError);
    expect(outcome).toMatchObject({ message: 'transferPhoneCall got no complete answer within 50 ms' });
  });

  test.each(reasons)('the signal is aborted with %s, which is what the promise is rejected with', async (reason) => {
    const controller = new AbortController();
    const client = await clientOf((request, response) => {
      answer(request, response);
      setTimeout(() => controller.abort(reason), 5);
    });
    const rejected = await client.getPhoneCall(call, { signal: controller.signal }).then(
      () => expect.unreachable('resolved'),
      (error: unknown) => ({ error }),
    );
    expect(rejected.error).toBe(reason);
    expect(requests).toBe(1);
  });

  test('the server breaks the connection', async () => {
    const client = await clientOf((request, response) => {
      answer(request, response);
      setTimeout(() => request.socket.destroy(), 5);
    });
    expect(await outcomeOf(client.transferPhoneCall(transfer))).toEqual(networkError);
  });
});

describe.each<[string, unknown]>([
  ['an error', new TypeError('terminated')],
  ['an error of another realm', foreign('new TypeError("terminated")')],
  ['an object', { id: 'a', error: { code: 'x' } }],
  ['a text', 'terminated'],
  ['nothing', undefined],
  ['null', null],
])('fetch fails with %s', (_, failure) => {
  const fail = (): Promise<never> => Promise.reject(failure);
  test.each<[string, TransferFetch]>([
    ['before the answer', fail],
    ['within its body', async () => ({ ok: true, status: 200, headers: new Headers(), text: fail })],
  ])('%s', async (_when, fetch) => {
    const client = createTransferClient({ baseUrl: 'http://127.0.0.1:9', token: 'token', fetch });
    const outcome = await outcomeOf(client.transferPhoneCall(transfer));
    expect(outcome).toEqual(networkError);
    expect(outcome).toHaveProperty('cause', failure);
  });
});

test('a fetch that gives nothing, as a double of a test, is no answer', async () => {
  const fetch = (async () => undefined) as unknown as TransferFetch;
  const client = createTransferClient({ baseUrl: 'http://127.0.0.1:9', token: 'token', fetch });
  await expect(client.transferPhoneCall(transfer)).rejects.toThrow('got no answer: fetch gave no response');
});

test('a signal that is aborted already sends nothing', async () => {
  const client = await clientOf(hangs);
  const signal = AbortSignal.abort('enough');
  await expect(client.transferPhoneCall(transfer, { signal })).rejects.toBe('enough');
  expect(requests).toBe(0);
});

test('an abort between two readings ends them', async () => {
  const controller = new AbortController();
  const client = await clientOf((request, response) => {
    breaksOff(request, response);
    setTimeout(() => controller.abort('enough'), 50);
  });
  await expect(client.getPhoneCall(call, { signal: controller.signal })).rejects.toBe('enough');
  expect(requests).toBe(1);
});

test.each([
  ['a call that ends well', answering(204)],
  ['calls that are repeated', breaksOff],
])('no listener is left on a shared signal by %s', async (_, answer) => {
  const { signal } = new AbortController();
  const client = await clientOf(answer, { retry: 1 });
  for (let count = 0; count < 3; count += 1) await outcomeOf(client.getPhoneCall(call, { signal }));
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test.each([2 ** 31, 30 * 24 * 3600 * 1000, Infinity, false as const])(
  'a time limit of %s is not over at once',
  async (timeout) => {
    const client = await clientOf((_, response) => void setTimeout(() => response.writeHead(204).end(), 20), {
      timeout,
    });
    expect(await client.transferPhoneCall(transfer)).toMatchObject({ status: 204 });
    const slow = await clientOf(hangs, { timeout });
    await expect(slow.transferPhoneCall(transfer, { timeout: 20 })).rejects.toEqual(timedOut);
  },
);

describe('repetition:', () => {
  const once =
    (first: RequestListener): RequestListener =>
    (request, response) =>
      requests === 1 ? first(request, response) : answering(204)(request, response);
  const busy = (status: number, after?: string): RequestListener =>
    once(answering(status, '', after === undefined ? {} : { 'retry-after': after }));

  test.each<[string, RequestListener, Partial<TransferClientOptions>, number]>([
    ['after a broken connection', once(breaksOff), {}, 2],
    ['after a time-out', once(hangs), { timeout: 100 }, 2],
    ['after 408', busy(408), {}, 2],
    ['after 429', busy(429), {}, 2],
    ['after 503', busy(503), {}, 2],
    ['as often as it may', breaksOff, { retry: 1 }, 2],
    ['not if it may not', breaksOff, { retry: 0 }, 1],
    ['not for another answer', answering(404), {}, 1],
    ['not if the server asks for more than a minute', busy(503, '61'), {}, 1],
  ])('a call is read again %s', async (_, answer, options, times) => {
    const client = await clientOf(answer, options);
    await outcomeOf(client.getPhoneCall(call));
    expect(requests).toBe(times);
  });

  test.each([breaksOff, answering(429, '', { 'retry-after': '0' }), answering(503)])(
    'a transfer is never repeated (%#)',
    async (answer) => {
      const client = await clientOf(answer, { retry: 5 });
      await outcomeOf(client.transferPhoneCall(transfer));
      expect(requests).toBe(1);
    },
  );

  test('waits as long as the server asks', async () => {
    const client = await clientOf(busy(503, '1'));
    const start = performance.now();
    expect(await client.getPhoneCall(call)).toMatchObject({ status: 204 });
    expect(performance.now() - start).toBeGreaterThan(990);
  });
});

describe('why no answer came is in the message:', () => {
  test.each([
    ['a closed port', 'http://127.0.0.1:9', /fetch failed: .*bad port|ECONNREFUSED/],
    ['an unknown host', 'http://nowhere.invalid', /nowhere\.invalid/],
  ])('%s', async (_, baseUrl, message) => {
    const client = createTransferClient({ baseUrl, token: 'token', retry: 0 });
    await expect(client.getPhoneCall(call)).rejects.toThrow(message);
  });

  test('a refused connection', async () => {
    const client = await clientOf(hangs);
    server.close();
    await expect(client.transferPhoneCall(transfer)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('a self-signed certificate', async () => {
    const { private: key, cert } = await generateCertificate([{ name: 'commonName', value: 'localhost' }]);
    const secure = createSecureServer({ key, cert }, answering(204));
    const baseUrl = (await listenForTest(secure)).replace('http', 'https');
    const client = createTransferClient({ baseUrl, token: 'token' });
    await expect(client.transferPhoneCall(transfer)).rejects.toThrow(/self-signed certificate/);
  });
});

describe('validation, if it is asked for,', () => {
  const problem = { at: '/body/sendCallTo', message: 'is wrong' };

  test('keeps a request that breaks the contract from being sent', async () => {
    const validation = { requestProblems: () => [problem], answerProblems: () => [] };
    const client = await clientOf(answering(204), { validation });
    await expect(client.transferPhoneCall(transfer)).rejects.toMatchObject({
      name: 'InvalidRequestError',
      problems: [problem],
      message: expect.stringMatching(/was not sent: \/body\/sendCallTo is wrong$/),
    });
    expect(requests).toBe(0);
  });

  test('takes an answer that breaks the contract for an error, and reads no call again for it', async () => {
    const validation = { requestProblems: () => [], answerProblems: () => [problem] };
    const client = await clientOf(answering(500, '{"error":{"code":"a","message":""}}'), { validation });
    await expect(client.getPhoneCall(call)).rejects.toMatchObject({
      name: 'UnexpectedAnswerError',
      problems: [problem],
      status: 500,
      body: { error: {} },
    });
    expect(requests).toBe(1);
  });
});

const unsafe: readonly unknown[] = [
  ['', '.', '..', '/', 'a/b', '../12', '\\', '%2e', '%2E%2e', '%2f', '%252e%252e', '%', ' ', '\t', 'a\n', '\0'],
  ['..;', ';', 'a;b', '?', 'a?b', '#', 'a#', '\u2024', '\u2025', '\uff0e\uff0e', '\uff0f', '\u200b', '\u00a0', 'ä'],
  [undefined, null, 12, {}, ['a']],
].flat();

const silent = {
  baseUrl: 'http://127.0.0.1:9',
  token: 'token',
  fetch: (): never => expect.unreachable('something was sent'),
};

/** Each example of a path parameter, by its name. */
const pathExamples = readContract()
  .operations.flatMap((operation) => operation.parameters)
  .flatMap(({ name, examples }) => [...examples.values()].map((value) => ({ [name]: String(value) })));

describe.each(['userId', 'extension', 'phoneCallId'])('nothing is sent whose %s is', (name) => {
  test.each(unsafe)('%j', async (value) => {
    const client = createTransferClient(silent);
    const broken = { ...call, [name]: value };
    const refused = expect.objectContaining({ name: 'UnsafeParameterError', parameter: name });
    await expect(client.transferPhoneCall({ ...transfer, ...broken })).rejects.toEqual(refused);
    await expect(client.getPhoneCall(broken)).rejects.toEqual(refused);
  });
});

test.each(['', '..', '@self/x'])(
  'nothing is sent to an extension %j whose calls are all to be transferred',
  async (extension) => {
    const request = { userId: '12', extension, sendCallTo: '1', transferFromNumber: '2' };
    await expect(transferEveryPhoneCallOfTheExtension(silent, request)).rejects.toThrow(
      new UnsafeParameterError('extension', extension),
    );
  },
);

test.each([...pathExamples, { userId: 'domain:login-1.a_b' }])('a request with the path %j is sent', async (path) => {
  const client = await clientOf(answering(204));
  await client.getPhoneCall({ ...call, ...path });
  expect(requests).toBe(1);
});
