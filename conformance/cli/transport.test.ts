import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { transportRemarks, transportSettingsOf } from './transport.ts';

const pbx = 'https://pbx.example.com';
const timeout = 5000;

beforeEach(() => {
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy']) vi.stubEnv(name, undefined);
});
afterEach(() => void vi.unstubAllEnvs());

test('nothing is set where nothing is named', () => {
  expect(transportSettingsOf({ timeout }, pbx)).toEqual({});
  expect(transportRemarks({}, pbx)).toEqual([]);
});

test('limits, TLS and the proxy of the environment are set', () => {
  vi.stubEnv('HTTPS_PROXY', 'http://proxy.example.com:3128');
  const settings = transportSettingsOf({ timeout, connectTimeout: 1, firstByteTimeout: 2, insecure: true }, pbx);
  const tls = { insecure: true };
  expect(settings).toEqual({ connectTimeout: 1, firstByteTimeout: 2, tls, proxy: 'http://proxy.example.com:3128/' });
  expect(transportRemarks(settings, pbx)).toEqual([
    '--insecure: the certificate of pbx.example.com was not checked, anybody may have answered, and have the token',
  ]);
});

describe('one line for', () => {
  test.each([
    [{ connectTimeout: 6000 }, '--connect-timeout 6000 is longer than --timeout 5000, which it is a part of'],
    [{ firstByteTimeout: 6000 }, '--first-byte-timeout 6000 is longer than --timeout 5000'],
    [{ connectTimeout: 60, firstByteTimeout: 50 }, '--connect-timeout 60 is longer than --first-byte-timeout 50'],
  ])('%j', (limits, line) => {
    expect(() => transportSettingsOf({ timeout, ...limits }, pbx)).toThrow(line);
  });

  test('TLS where nothing is encrypted', () => {
    const options = { timeout, insecure: true };
    expect(() => transportSettingsOf(options, 'http://pbx.example.com')).toThrow(
      '--insecure is about TLS, and http://pbx.example.com is not encrypted: name an https URL, or leave it out.',
    );
    const tokenUrl = 'https://pbx.example.com/token';
    expect(transportSettingsOf({ ...options, tokenUrl }, 'http://pbx.example.com')).toEqual({
      tls: { insecure: true },
    });
  });
});
