import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { TokenIssuer } from '../../scripts/lab/servers/consuming/start.ts';
import { createTokenSource, fetchToken, TokenFailure } from './authorization.ts';
import { listenForTest, serveConsuming } from '../testing/servers.ts';

const timeout = 5000;

/** A source of tokens from a server that issues them. */
async function sourceWith({ lifetime = 3600, ...authorization }: { lifetime?: number; expiresAt?: number } = {}) {
  const issuer = new TokenIssuer({ id: 'app', secret: 's3cret' }, lifetime);
  const { url, close } = await serveConsuming({ issuer });
  const credentials = { tokenUrl: `${url}/oauth/token.php`, clientId: 'app', clientSecret: 's3cret' };
  const tokens = createTokenSource({ token: 'first', credentials, timeout, ...authorization });
  return { tokens, issuer, close };
}

test('a token that the user named is the only one', async () => {
  const tokens = createTokenSource({ token: 'named', timeout });
  expect(await tokens.current()).toBe('named');
  expect(await tokens.instead('named')).toBeUndefined();
});

test('a token is used until it expires, and then replaced once for all who ask', async () => {
  const lasting = await sourceWith({ expiresAt: Date.now() + 60_000 });
  expect(await lasting.tokens.current()).toBe('first');
  const expired = await sourceWith({ expiresAt: Date.now() - 1 });
  const given = await Promise.all([expired.tokens.current(), expired.tokens.current()]);
  expect(given).toEqual([expired.issuer.issued[0], expired.issuer.issued[0]]);
  expect(await expired.tokens.current()).toBe(given[0]);
  expect(expired.issuer.issued).toHaveLength(1);
});

describe('a token that was refused', () => {
  test('is replaced once, however many requests it was refused with', async () => {
    const { tokens, issuer } = await sourceWith();
    const given = await Promise.all([tokens.instead('first'), tokens.instead('first')]);
    expect(given).toEqual([issuer.issued[0], issuer.issued[0]]);
    expect(await tokens.instead('first')).toBe(issuer.issued[0]);
    expect(await tokens.current()).toBe(issuer.issued[0]);
    expect(issuer.issued).toHaveLength(1);
  });

  test('is replaced no more where new ones are refused too', async () => {
    const { tokens, issuer } = await sourceWith();
    for (let attempt = 0; attempt < 5; attempt++) {
      const given = await tokens.instead(await tokens.current());
      if (given !== undefined) tokens.judge(false);
    }
    expect(issuer.issued).toHaveLength(3);
  });
});

test('what cannot be renewed is a failure, not another token', async () => {
  const { tokens, close } = await sourceWith({ expiresAt: Date.now() - 1 });
  await close();
  await expect(tokens.current()).rejects.toThrow(TokenFailure);
});

test('every token that was ever used is hidden, and so is the secret', async () => {
  const { tokens } = await sourceWith();
  const second = await tokens.instead('first');
  expect(tokens.hide(`first, ${second} and s3cret`)).not.toMatch(new RegExp(`first|${second}|s3cret`));
});

const clientSecret = 's3cret/of the client';

/** Starts an endpoint, and tells the credentials for it. */
async function credentialsFor(answer: (response: ServerResponse, request: IncomingMessage) => unknown) {
  const url = await listenForTest(createServer((request, response) => void answer(response, request)));
  return { tokenUrl: `${url}/oauth/token.php`, clientId: 'app', clientSecret };
}

const answering = (status: number, body: unknown) => (response: ServerResponse) =>
  response.writeHead(status, { location: '/elsewhere' }).end(typeof body === 'string' ? body : JSON.stringify(body));

test('a token is asked for with a form, and lasts as long as the answer says', async () => {
  let received = {};
  const credentials = await credentialsFor(async (response, request) => {
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(await Array.fromAsync(request)).toString()));
    received = { method: request.method, url: request.url, type: request.headers['content-type'], form };
    answering(200, { access_token: 'T', token_type: 'bearer', expires_in: 3600 })(response);
  });
  const { token, expiresAt = 0 } = await fetchToken(credentials, 5000);
  expect(token).toBe('T');
  expect((expiresAt - Date.now()) / 1000).toBeGreaterThan(3000);
  expect((expiresAt - Date.now()) / 1000).toBeLessThan(3600);
  expect(received).toEqual({
    method: 'POST',
    url: '/oauth/token.php',
    type: expect.stringMatching(/^application\/x-www-form-urlencoded/),
    form: { grant_type: 'client_credentials', client_id: 'app', client_secret: clientSecret },
  });
});

test.each([
  ['no lifetime', {}, undefined],
  ['a lifetime that is a text', { expires_in: '3600' }, expect.any(Number)],
  ['a lifetime that is none', { expires_in: 'soon' }, undefined],
  ['no type', { token_type: undefined }, undefined],
])('an answer with %s is taken', async (_, members, expiresAt) => {
  const credentials = await credentialsFor(answering(200, { access_token: 'T', token_type: 'Bearer', ...members }));
  expect(await fetchToken(credentials, 5000)).toEqual({ token: 'T', expiresAt });
});

describe('one line without the secret for', () => {
  test.each([
    ['a client that is refused', 401, { error: 'invalid_client' }, /401 invalid_client; check --client-id and CONF/],
    [
      'another refusal',
      400,
      { error: 'invalid_scope', error_description: 'No\nsuch' },
      /400 invalid_scope \(No such\)\.$/,
    ],
    ['an endpoint that repeats the secret', 400, { error: `no ${clientSecret}` }, /400 no \$/],
    ['an error of the API', 500, { error: { code: 'internal_server_error' } }, /500 without an OAuth error/],
    ['a redirect', 302, '', /redirects \(302\), which is not followed/],
    ['a page', 200, '<html></html>', /its answer 200 has no access_token; is it the URL of a token endpoint/],
    ['a list', 200, ['token'], /no access_token/],
    ['a token that is no text', 200, { access_token: 1 }, /no access_token/],
    ['a token of several lines', 200, { access_token: 'a\r\nb: c' }, /no access_token/],
    ['a token of another type', 200, { access_token: 'T', token_type: 'mac' }, /of the type mac, expected Bearer/],
  ])('%s', async (_, status, body, expected) => {
    const credentials = await credentialsFor(answering(status, body));
    const failure = await fetchToken(credentials, 5000).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TokenFailure);
    const { message } = failure as TokenFailure;
    expect(message).toMatch(/^No token came from http:\/\/127\.0\.0\.1:\d+\/oauth\/token\.php: .+\.$/);
    expect(message).toMatch(expected);
    expect(message).not.toContain(clientSecret);
  });

  test('an endpoint that never answers', async () => {
    const credentials = await credentialsFor(() => undefined);
    await expect(fetchToken(credentials, 50)).rejects.toThrow('no complete answer within 50 ms.');
  });

  test('an answer that never ends', async () => {
    const credentials = await credentialsFor((response) => response.writeHead(200).write('{'));
    await expect(fetchToken(credentials, 50)).rejects.toThrow('no complete answer within 50 ms.');
  });

  test('a port where nothing listens', async () => {
    const credentials = { tokenUrl: 'http://127.0.0.1:1/token', clientId: 'app', clientSecret };
    await expect(fetchToken(credentials, 5000)).rejects.toThrow(/^No token came from .*\/token: .+\.$/);
  });
});
