import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';

import { readContract } from '../../../conformance/contract/contract.ts';
import {
  NetworkError,
  TimedOutError,
  TransferClientError,
  UnexpectedAnswerError,
  UnsafeParameterError,
} from './errors.ts';
import type { TransferClientOptions } from './exchange.ts';
import { createTransferClient, transferEveryPhoneCallOfTheExtension, type TransferClient } from './index.ts';

const call = { userId: '12', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
const transfer = { ...call, sendCallTo: '3235742879', transferFromNumber: '0003*024' };

let server: Server | undefined;
let requests = 0;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  requests = 0;
});

async function clientOf(
  answer: RequestListener,
  options: Partial<TransferClientOptions> = {},
): Promise<TransferClient> {
  server = createServer((request, response) => {
    requests += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return createTransferClient({ baseUrl: `http://127.0.0.1:${port}`, token: 'token', ...options });
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
    ['a redirection', 307, '', /307, .* no answer with status 307$/],
    ['a success without a body', 200, '', /must be a JSON object$/],
    ['a success that is no JSON', 200, '<html>', /must be a JSON object$/],
    ['a success that is a list', 200, '[]', /must be a JSON object$/],
    ['a refusal without a body', 400, '', /must have an object "error"$/],
    ['a refusal that is no JSON', 400, 'null', /must be a JSON object$/],
    ['a refusal without an error', 400, '{"code":"a"}', /must have an object "error"$/],
  ])('%s', async (_, status, body, message) => {
    const client = await clientOf(answering(status, body, { location: '/elsewhere' }));
    const error = await client.transferPhoneCall(transfer).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnexpectedAnswerError);
    expect(error).toBeInstanceOf(TransferClientError);
    expect(error).toMatchObject({ status, message: expect.stringMatching(message) });
    expect(requests).toBe(1);
  });

  test('its body can be read', async () => {
    const client = await clientOf(answering(404, '{"a":1}'));
    await expect(client.transferPhoneCall(transfer)).rejects.toMatchObject({
      body: { a: 1 },
      response: { status: 404 },
    });
  });
});

describe('no answer', () => {
  test('is a network error with its cause', async () => {
    const client = await clientOf(breaksOff);
    const error = await client.transferPhoneCall(transfer).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ name: 'NetworkError', cause: expect.any(Error) });
  });

  test.each([
    ['at all', hangs],
    ['that is complete', hangsWithinTheBody],
  ])('%s in time is a time-out', async (_, answer) => {
    const client = await clientOf(answer, { timeout: 50 });
    const error = await client.transferPhoneCall(transfer).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TimedOutError);
    expect(error).toMatchObject({ message: 'transferPhoneCall got no complete answer within 50 ms' });
  });

  test('never sends a transfer again', async () => {
    const client = await clientOf(breaksOff, { retry: 5 });
    await client.transferPhoneCall(transfer).catch(() => undefined);
    expect(requests).toBe(1);
  });

  test('reads a call again until one comes', async () => {
    const client = await clientOf((request, response) => {
      if (requests === 1) breaksOff(request, response);
      else if (requests === 2) answering(503)(request, response);
      else answering(204)(request, response);
    });
    expect(await client.getPhoneCall(call)).toMatchObject({ status: 204 });
    expect(requests).toBe(3);
  });

  test.each([
    ['as often as it may', breaksOff, { retry: 1 }, 2],
    ['not if it may not', breaksOff, { retry: 0 }, 1],
    ['not for an answer of the server', answering(404), {}, 1],
  ])('reads a call again, but %s', async (_, answer, options, times) => {
    const client = await clientOf(answer, options);
    await expect(client.getPhoneCall(call)).rejects.toThrow(TransferClientError);
    expect(requests).toBe(times);
  });
});

describe('an abort', () => {
  test.each([
    ['before the request sends nothing', 0, hangs],
    ['during the request ends it', 1, hangs],
    ['within the body of the answer ends it', 1, hangsWithinTheBody],
  ])('%s, with its own reason', async (_, times, answer) => {
    const controller = new AbortController();
    const reason = new Error('the user hung up');
    if (times === 0) controller.abort(reason);
    const client = await clientOf((request, response) => {
      answer(request, response);
      controller.abort(reason);
    });
    await expect(client.transferPhoneCall(transfer, { signal: controller.signal })).rejects.toBe(reason);
    expect(requests).toBe(times);
  });

  test('between two readings ends them', async () => {
    const controller = new AbortController();
    const client = await clientOf((request, response) => {
      breaksOff(request, response);
      setTimeout(() => controller.abort('enough'), 50);
    });
    await expect(client.getPhoneCall(call, { signal: controller.signal })).rejects.toBe('enough');
    expect(requests).toBe(1);
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
    const client = await clientOf(answering(500, '{"error":{}}'), { validation });
    await expect(client.getPhoneCall(call)).rejects.toMatchObject({
      name: 'UnexpectedAnswerError',
      problems: [problem],
      status: 500,
      body: { error: {} },
    });
    expect(requests).toBe(1);
  });
});

test('a base URL that is none is told as the platform tells it', async () => {
  const client = createTransferClient({ baseUrl: 'nowhere', token: 'token' });
  await expect(client.transferPhoneCall(transfer)).rejects.toThrow(TypeError);
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
