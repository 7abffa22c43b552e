import { createServer, type RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { listenForTest } from '../../../conformance/testing/servers.ts';
import { clientCredentials, createTransferClient, type RequestOptions, type TransferClientOptions } from './index.ts';

const call = { userId: '12', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
const transfer = { ...call, sendCallTo: '3235742879', transferFromNumber: '0003*024' };

const listen = (answer: RequestListener) => listenForTest(createServer(answer));

/** Starts a server that accepts the newest of its tokens only, and refuses any other as the test says. */
async function rotating(refuse: RequestListener) {
  const state = { newest: 1, renewals: 0, requests: 0 };
  const baseUrl = await listen((request, response) => {
    state.requests += 1;
    if (request.headers.authorization === `Bearer t${state.newest}`) response.writeHead(204).end();
    else refuse(request, response);
  });
  const renew = async (): Promise<string> => {
    state.renewals += 1;
    await new Promise((resolve) => setTimeout(resolve, 10));
    state.newest += 1;
    return `t${state.newest}`;
  };
  return { baseUrl, state, renew };
}

describe.each<[string, number, string, Record<string, string>]>([
  ['the documented body', 401, '{"error":{"code":"access_denied","message":""}}', {}],
  ['a misspelt code', 401, '{"error":{"code":"access_denided","message":""}}', {}],
  ['nothing but a header', 401, '', { 'www-authenticate': 'Bearer error="invalid_token"' }],
  ['the body of OAuth', 401, '{"error":"invalid_token"}', {}],
  ['a page of a gateway', 403, '<html>', {}],
  ['no code', 403, '{"error":{}}', {}],
  ['a body that is cut', 403, '{"error":', { 'content-length': '100' }],
])('a token that is refused with %s', (_, status, body, headers) => {
  const refuse: RequestListener = (_request, response) => void response.writeHead(status, headers).end(body);

  test('is renewed once, and the second answer counts', async () => {
    const { baseUrl, state, renew } = await rotating(refuse);
    const token = (refused?: string) => (refused === undefined ? 't0' : renew());
    // It has nothing to say of a success without a body.
    const validation = {
      requestProblems: () => [],
      answerProblems: (_name: string, came: number) => (came === 204 ? [] : [{ at: '', message: 'is wrong' }]),
    };
    const client = createTransferClient({ baseUrl, token, validation });
    expect(await client.transferPhoneCall(transfer)).toMatchObject({ status: 204 });
    expect(state).toMatchObject({ renewals: 1, requests: 2 });
  });

  test('is renewed once for ten calls at the same time, whatever the source keeps', async () => {
    const { baseUrl, state, renew } = await rotating(refuse);
    let current = 't0';
    const token = async (refused?: string) => (refused === undefined ? current : (current = await renew()));
    const client = createTransferClient({ baseUrl, token, timeout: 5000 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.transferPhoneCall(transfer)));
    expect(answers.map(({ status: came }) => came)).toEqual(Array(10).fill(204));
    expect(state.renewals).toBe(1);
  });
});

test('ten calls share a source that rotates whenever it is asked', async () => {
  const { baseUrl, renew } = await rotating((_, response) => void response.writeHead(401).end());
  const client = createTransferClient({ baseUrl, token: () => renew() });
  const answers = await Promise.all(Array.from({ length: 10 }, () => client.getPhoneCall(call)));
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(204));
});

test('a renewal that fails is tried again by the next call', async () => {
  const { baseUrl, renew } = await rotating((_, response) => void response.writeHead(401).end());
  let failures = 0;
  const token = (refused?: string) => {
    if (refused === undefined) return 't0';
    if (failures++ === 0) throw new RangeError('no tokens left');
    return renew();
  };
  const client = createTransferClient({ baseUrl, token });
  await expect(client.transferPhoneCall(transfer)).rejects.toThrow(new RangeError('no tokens left'));
  expect(await client.transferPhoneCall(transfer)).toMatchObject({ status: 204 });
});

describe('a source that never answers', () => {
  const unsent = { baseUrl: 'http://127.0.0.1:9', fetch: () => expect.unreachable('something was sent') };
  const hanging = (): Promise<string> => new Promise(() => undefined);

  test.each(['getPhoneCall', 'transferPhoneCall'] as const)('is ended by the time limit of %s', async (operation) => {
    const client = createTransferClient({ ...unsent, token: hanging, timeout: 30 });
    const error = expect.objectContaining({ name: 'TimedOutError', awaited: 'token' });
    await expect(client[operation](transfer)).rejects.toEqual(error);
  });

  test('is ended by a signal', async () => {
    const client = createTransferClient({ ...unsent, token: hanging });
    const controller = new AbortController();
    setTimeout(() => controller.abort({ by: 'user' }), 10);
    await expect(client.transferPhoneCall(transfer, controller)).rejects.toEqual({ by: 'user' });
  });

  test.each<[string, Partial<TransferClientOptions>, () => RequestOptions]>([
    ["the client's time limit", { timeout: 200 }, () => ({})],
    ['its own time limit', { timeout: false }, () => ({ timeout: 200 })],
    ['a signal', { timeout: false }, () => ({ signal: AbortSignal.timeout(200) })],
  ])('does not keep later calls waiting, and hears that the first one was ended by %s', async (_, options, makeOwn) => {
    const { baseUrl } = await rotating(() => undefined);
    const signals: (AbortSignal | undefined)[] = [];
    const token: TransferClientOptions['token'] = (__, context) =>
      signals.push(context?.signal) === 1 ? hanging() : 't1';
    const client = createTransferClient({ baseUrl, token, ...options });
    await expect(client.transferPhoneCall(transfer, makeOwn())).rejects.toMatchObject({
      name: expect.stringMatching(/^Time(dOut|out)Error$/),
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await client.transferPhoneCall(transfer)).toMatchObject({ status: 204 });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, false]);
  });
});

test.each([false, 5000] as const)(
  'a token may take as long as the request, whose time limit is %s',
  async (timeout) => {
    const { baseUrl } = await rotating(() => undefined);
    const token = () => new Promise<string>((resolve) => setTimeout(resolve, 100, 't1'));
    const client = createTransferClient({ baseUrl, token, timeout: 20 });
    expect(await client.transferPhoneCall(transfer, { timeout })).toMatchObject({ status: 204 });
  },
);

test('a call that ends early takes no token from another that waits for the same', async () => {
  const { baseUrl } = await rotating(() => undefined);
  let asked = 0;
  const token = () => {
    asked += 1;
    return new Promise<string>((resolve) => setTimeout(resolve, 100, 't1'));
  };
  const client = createTransferClient({ baseUrl, token });
  const early = client.transferPhoneCall(transfer, { signal: AbortSignal.timeout(10) }).catch(() => 'ended');
  expect(await client.transferPhoneCall(transfer)).toMatchObject({ status: 204 });
  expect([await early, asked]).toEqual(['ended', 1]);
});

describe('a token that cannot travel in a header is an error without it:', () => {
  test.each<[string, unknown, RegExp]>([
    ['a line break at its end', 'secret\n', /has a line break at its end/],
    ['a line break within', 'sec\r\nret', /has a line break in it/],
    ['a blank', 'sec ret', /U\+0020 in it/],
    ['a letter of another script', 'secreté', /U\+00E9 at its end/],
    ['the scheme', 'Bearer secret', /begins with "Bearer "/],
    ['nothing', '', /is empty/],
    ['no text', undefined, /of the type undefined/],
  ])('%s', async (_, token, message) => {
    const options = { baseUrl: 'http://127.0.0.1:9', fetch: () => expect.unreachable('something was sent') };
    const refused = expect.objectContaining({
      name: 'InvalidTokenError',
      message: expect.stringMatching(message),
      stack: expect.not.stringMatching(/sec/),
    });
    expect(() => createTransferClient({ ...options, token: token as string })).toThrow(refused);
    const client = createTransferClient({ ...options, token: () => token as string });
    await expect(client.transferPhoneCall(transfer)).rejects.toEqual(refused);
  });
});

describe('client credentials', () => {
  const credentials = { clientId: 'app', clientSecret: 'secret+1' };

  test('are exchanged for a token, which is kept until it is refused or expires', async () => {
    const forms: string[] = [];
    const tokenUrl = await listen(async (request, response) => {
      forms.push(String(await request.setEncoding('utf8').toArray()));
      const lifetime = forms.length === 1 ? 3600 : -1;
      response.end(JSON.stringify({ access_token: `t${forms.length}`, expires_in: lifetime }));
    });
    const source = clientCredentials({ tokenUrl, ...credentials, form: { scope: 'calls' } });
    expect([await source(), await source(), await source('t0')]).toEqual(['t1', 't1', 't1']);
    expect(await source('t1')).toBe('t2');
    expect(forms[0]).toBe('scope=calls&grant_type=client_credentials&client_id=app&client_secret=secret%2B1');
  });

  test.each([
    ['tokenUrl', undefined],
    ['tokenUrl', 'localhost:4010/oauth/token.php'],
    ['clientId', ''],
    ['clientSecret', undefined],
  ])('cannot have the %s %s', (option, value) => {
    const given = { tokenUrl: 'http://127.0.0.1:9', ...credentials, [option]: value };
    const refused = { name: 'InvalidOptionError', option };
    expect(() => clientCredentials(given)).toThrow(expect.objectContaining(refused));
  });

  test.each<[string, RequestListener, RegExp]>([
    [
      'a refusal',
      (_, response) => void response.writeHead(401).end('{"error":"invalid_client"}'),
      /401 invalid_client$/,
    ],
    [
      'a refusal that has the secret',
      (_, response) => void response.writeHead(400).end('{"error":"secret+1"}'),
      /400$/,
    ],
    ['a redirect', (_, response) => void response.writeHead(307, { location: '/' }).end(), /307$/],
    ['no token', (_, response) => void response.end('null'), /no access_token$/],
    ['a broken connection', (request) => void request.socket.destroy(), /fetch failed: /],
  ])('that get %s are an error without the secret', async (_, answer, message) => {
    const source = clientCredentials({ tokenUrl: await listen(answer), ...credentials });
    const refused = { name: 'TokenRequestError', message: expect.stringMatching(message) };
    await expect(source()).rejects.toMatchObject(refused);
    await expect(source()).rejects.not.toThrow(/secret/);
  });
});
