import { describe, expect, test } from 'vitest';
import { startConsumingServer } from '../../scripts/lab/servers/consuming/start.ts';
import { TokenIssuer } from '../../scripts/lab/servers/consuming/start.ts';
import { createTokenSource } from './authorization.ts';
import { TokenFailure } from './token-endpoint.ts';

const timeout = 5000;

/** A source of tokens from a server that issues them. */
async function sourceWith({ lifetime = 3600, ...authorization }: { lifetime?: number; expiresAt?: number } = {}) {
  const issuer = new TokenIssuer({ id: 'app', secret: 's3cret' }, lifetime);
  const { url, close } = await startConsumingServer({ issuer });
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
  await Promise.all([lasting.close(), expired.close()]);
});

describe('a token that was refused', () => {
  test('is replaced once, however many requests it was refused with', async () => {
    const { tokens, issuer, close } = await sourceWith();
    const given = await Promise.all([tokens.instead('first'), tokens.instead('first')]);
    expect(given).toEqual([issuer.issued[0], issuer.issued[0]]);
    expect(await tokens.instead('first')).toBe(issuer.issued[0]);
    expect(await tokens.current()).toBe(issuer.issued[0]);
    expect(issuer.issued).toHaveLength(1);
    await close();
  });

  test('is replaced no more where new ones are refused too', async () => {
    const { tokens, issuer, close } = await sourceWith();
    for (let attempt = 0; attempt < 5; attempt++) {
      const given = await tokens.instead(await tokens.current());
      if (given !== undefined) tokens.judge(false);
    }
    expect(issuer.issued).toHaveLength(3);
    await close();
  });
});

test('what cannot be renewed is a failure, not another token', async () => {
  const { tokens, close } = await sourceWith({ expiresAt: Date.now() - 1 });
  await close();
  await expect(tokens.current()).rejects.toThrow(TokenFailure);
});

test('every token that was ever used is hidden, and so is the secret', async () => {
  const { tokens, close } = await sourceWith();
  const second = await tokens.instead('first');
  expect(tokens.hide(`first, ${second} and s3cret`)).not.toMatch(new RegExp(`first|${second}|s3cret`));
  await close();
});
