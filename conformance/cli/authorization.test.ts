import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TokenIssuer } from '../../scripts/lab/servers/consuming/start.ts';
import { authorizationOf, namedToken, tokenRemarks } from './authorization.ts';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../contract/input-error.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { serveConsuming } from '../testing/servers.ts';

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

  test('excludes a header with another authorization', async () => {
    const headers = [{ name: 'authorization', value: 'Basic dTpw', shown: '$S' }];
    expect(await authorizationOf({ timeout }, pbx, { headers })).toEqual({ token: 'token', tokenNamed: false });
    await expect(authorizationOf({ timeout, token: 'one' }, pbx, { headers })).rejects.toThrow(
      '--header Authorization and a token exclude each other: name one of them.',
    );
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
    const server = await serveConsuming({ issuer });
    const { baseUrl, ...options } = placesAt(server.url);
    const authorization = await authorizationOf({ timeout, clientId: 'app', ...options }, baseUrl);
    expect(authorization).toEqual({
      token: issuer.issued[0],
      tokenNamed: true,
      credentials: {
        tokenUrl: `${server.url}/oauth/token.php`,
        clientId: 'app',
        clientSecret: 's3cret',
        transport: { loopback: true },
      },
      expiresAt: expect.any(Number),
    });
  });
});

describe('one line for', () => {
  test.each([
    ['two ways to a token', { clientId: 'app', token: 'T' }, /^--token and --client-id exclude each other/],
    ['a token and its file', { token: 'T', tokenFile: 'f' }, /exclude each other/],
    ['one token for two Users', { token: 'T', otherToken: 'T' }, /^--other-token is the token of the run/],
    ['another token that is none', { otherToken: 'a b' }, /^--other-token: the token has a space/],
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

const folder = makeTemporaryFolder();

async function fileWith(text: string, mode = 0o600): Promise<string> {
  const path = join(folder, `token-${Math.random()}`);
  await writeFile(path, text, { mode });
  await chmod(path, mode);
  return path;
}

describe('a token that is named', () => {
  test.each([
    ['alone', 's3cret'],
    ['with a newline', 's3cret\n'],
    ['with a newline of Windows', 's3cret\r\n'],
    ['with more lines', 's3cret\nanother\n'],
    ['with a byte order mark', '\ufeffs3cret\n'],
  ])('is the first line of a file: %s', async (_, text) => {
    expect(await namedToken({ tokenFile: await fileWith(text) })).toBe('s3cret');
  });

  test.each([
    ['', 'is empty'],
    ['s3c ret', 'has a space'],
    ['Bearer s3cret', 'has a space'],
    ['s3cret\t', 'has a control character'],
    ['s3cret\u007f', 'has a control character'],
    ['s3crét', 'has a character beyond ASCII'],
  ])('%j is refused, and not shown', async (token, problem) => {
    vi.stubEnv('CONFORMANCE_TOKEN', token);
    const path = await fileWith(token);
    for (const [options, source] of [
      [{}, 'CONFORMANCE_TOKEN'],
      [{ tokenFile: path }, `--token-file ${path}`],
    ] as const) {
      const line = `${source}: the token ${problem}, expected what stands behind "Bearer " alone.`;
      await expect(namedToken(options)).rejects.toThrow(new InputError(line));
    }
  });

  test('is not looked for in what is no file, or never ends', async () => {
    await expect(namedToken({ tokenFile: join(folder, 'nothing') })).rejects.toThrow(/cannot be read: ENOENT/);
    await expect(namedToken({ tokenFile: folder })).rejects.toThrow(/cannot be read: EISDIR/);
    await expect(namedToken({ tokenFile: await fileWith('x'.repeat(100_000)) })).rejects.toThrow(
      /too long for a token/,
    );
  });
});

describe('a warning', () => {
  test('tells that other users see the command line, unless nobody else is there', () => {
    expect(tokenRemarks({ token: 's3cret' }, false)).toEqual([
      expect.stringMatching(/^--token: other users .* see it/),
    ]);
    expect(tokenRemarks({ token: 's3cret' }, true)).toEqual([]);
    expect(tokenRemarks({}, false)).toEqual([]);
    expect(tokenRemarks({}, true, { token: 'abc', tokenNamed: true })).toEqual([
      'the token has fewer than 4 characters: reports show it',
    ]);
    expect(tokenRemarks({}, true, { token: 'abcd', tokenNamed: true })).toEqual([]);
  });

  test('tells that other users can read the file', async () => {
    const path = await fileWith('s3cret', 0o644);
    expect(tokenRemarks({ tokenFile: path }, true)).toEqual([
      `--token-file: other users of this machine can read ${path}, use chmod 600`,
    ]);
    expect(tokenRemarks({ tokenFile: await fileWith('s3cret', 0o600) }, true)).toEqual([]);
    expect(tokenRemarks({ tokenFile: '-' }, true)).toEqual([]);
  });
});
