import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startConsumingServer } from '../../scripts/lab/servers/consuming/start.ts';
import { TokenIssuer } from '../../scripts/lab/servers/consuming/token-issuer.ts';
import { authorizationOf } from './authorization.ts';

const timeout = 5000;
const pbx = 'https://pbx.example.com/unified';

beforeEach(() => {
  vi.stubEnv('CONFORMANCE_TOKEN', undefined);
  vi.stubEnv('CONFORMANCE_CLIENT_SECRET', 's3cret');
});
afterEach(() => void vi.unstubAllEnvs());

describe('a token', () => {
  test('is any if none is named', async () => {
    expect(await authorizationOf({ timeout }, pbx)).toEqual({ token: 'token', tokenNamed: false });
  });

  test('is that of the environment, unless the command line names another', async () => {
    vi.stubEnv('CONFORMANCE_TOKEN', 'one');
    expect(await authorizationOf({ timeout }, pbx)).toEqual({ token: 'one', tokenNamed: true });
    expect(await authorizationOf({ timeout, token: 'two' }, pbx)).toEqual({ token: 'two', tokenNamed: true });
  });

  test.each([
    ['at the root of the server', (url: string) => ({ baseUrl: `${url}/below/a/path` })],
    ['where the command line says', (url: string) => ({ baseUrl: pbx, tokenUrl: `${url}/oauth/token.php` })],
  ])('is fetched %s, whatever the environment names', async (_, placesAt) => {
    vi.stubEnv('CONFORMANCE_TOKEN', 'one');
    const issuer = new TokenIssuer({ id: 'app', secret: 's3cret' }, 60);
    const server = await startConsumingServer({ issuer });
    const { baseUrl, ...options } = placesAt(server.url);
    const authorization = await authorizationOf({ timeout, clientId: 'app', ...options }, baseUrl);
    await server.close();
    expect(authorization).toEqual({
      token: issuer.issued[0],
      tokenNamed: true,
      credentials: { tokenUrl: `${server.url}/oauth/token.php`, clientId: 'app', clientSecret: 's3cret' },
      expiresAt: expect.any(Number),
    });
  });
});

describe('one line for', () => {
  test.each([
    ['two ways to a token', { clientId: 'app', token: 'T' }, /^--token and --client-id exclude each other/],
    ['an endpoint without a client', { tokenUrl: 'https://h/' }, /name the client with --client-id too\.$/],
    ['an endpoint that is no URL', { clientId: 'app', tokenUrl: 'h' }, /^--token-url is no URL of a token endpoint/],
    ['an endpoint with a password', { clientId: 'app', tokenUrl: 'https://u:pw@h/' }, /^(?!.*pw)--token-url is no URL/],
    ['an open endpoint', { clientId: 'app', tokenUrl: 'http://h/' }, /is not encrypted: .* over https only\.$/],
  ])('%s', async (_, options, line) => {
    await expect(authorizationOf({ timeout, ...options }, pbx)).rejects.toThrow(line);
  });

  test.each([undefined, ''])('a client whose secret is %o', async (secret) => {
    vi.stubEnv('CONFORMANCE_CLIENT_SECRET', secret);
    const authorization = authorizationOf({ timeout, clientId: 'app' }, pbx);
    await expect(authorization).rejects.toThrow(
      "--client-id app needs the client's secret in CONFORMANCE_CLIENT_SECRET.",
    );
  });

  test('an unencrypted server of the default endpoint', async () => {
    const authorization = authorizationOf({ timeout, clientId: 'app' }, 'http://pbx.example.com');
    await expect(authorization).rejects.toThrow('http://pbx.example.com/oauth/token.php is not encrypted');
  });
});
