import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readHeaders, transportRemarks, transportSettingsOf, tlsSettingsOf, proxyFor } from './transport.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import {
  makeCertificates,
  passphrase,
  type Certificates,
} from '../../scripts/lab/servers/surroundings/certificates.ts';

const pbx = 'https://pbx.example.com';
const timeout = 5000;

beforeEach(() => {
  for (const name of ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy']) vi.stubEnv(name, undefined);
});
afterEach(() => void vi.unstubAllEnvs());

test('nothing is set where nothing is named', () => {
  expect(transportSettingsOf({ timeout }, pbx)).toEqual({});
  expect(tlsSettingsOf({})).toBeUndefined();
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

describe('a header', () => {
  const environment = { KEY: 's3cret ', BROKEN: 'a\nb' };

  test.each([
    ['X-Api-Key: $KEY', { name: 'x-api-key', value: 's3cret', shown: '$CONFORMANCE_HEADER_X_API_KEY' }],
    ['Via2: a${KEY}b $5', { name: 'via2', value: 'as3cretb $5', shown: '$CONFORMANCE_HEADER_VIA2' }],
  ])('%s has the values of variables', (field, header) => {
    expect(readHeaders([field], environment)).toEqual([header]);
  });

  test.each([
    ['X-Api-Key: $OTHER', '--header x-api-key: the variable OTHER is not set.'],
    ['X-Api-Key: $BROKEN', '--header x-api-key: the variable BROKEN holds more than printable ASCII.'],
  ])('%s is refused', (field, line) => {
    expect(() => readHeaders([field], environment)).toThrow(line);
  });
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

const folder = makeTemporaryFolder();
let certificates: Certificates;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  certificates = await makeCertificates();
  const { ca, server, client, clientWithPassphrase } = certificates;
  const files = {
    'ca.pem': ca,
    'cert.pem': client.cert,
    'key.pem': client.key,
    'encrypted-cert.pem': clientWithPassphrase.cert,
    'encrypted.pem': clientWithPassphrase.key,
    'other-key.pem': server.key,
    'empty.pem': '',
    'broken.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(at(name), content);
});

test('what is named is read', () => {
  vi.stubEnv('CONFORMANCE_KEY_PASSPHRASE', undefined);
  const { ca, client } = certificates;
  const named = { ca: at('ca.pem'), cert: at('cert.pem'), key: at('key.pem'), insecure: true };
  expect(tlsSettingsOf(named)).toEqual({ ca, ...client, insecure: true });
});

test('an encrypted key is read with its passphrase', () => {
  vi.stubEnv('CONFORMANCE_KEY_PASSPHRASE', passphrase);
  const settings = tlsSettingsOf({ cert: at('encrypted-cert.pem'), key: at('encrypted.pem') });
  expect(settings).toEqual({ ...certificates.clientWithPassphrase, passphrase });
});

describe('one line for', () => {
  const encrypted = { cert: 'encrypted-cert.pem', key: 'encrypted.pem' };

  test.each<[string, Record<string, string>, RegExp, string?]>([
    ['a file that is not there', { ca: 'none.pem' }, /^--ca .*none\.pem cannot be read: ENOENT/],
    ['a folder', { ca: '' }, /^--ca .* cannot be read: EISDIR/],
    ['no certificate', { ca: 'empty.pem' }, /^--ca .*empty\.pem holds no certificate: expected/],
    ['a key in place of a certificate', { ca: 'key.pem' }, /^--ca .*key\.pem holds no certificate: expected/],
    ['a broken certificate', { ca: 'broken.pem' }, /^--ca .*broken\.pem holds a certificate that cannot be/],
    ['a certificate without its key', { cert: 'cert.pem' }, /^--cert and --key .* name both\.$/],
    ['a key without its certificate', { key: 'key.pem' }, /^--cert and --key .* name both\.$/],
    ['no key', { cert: 'cert.pem', key: 'cert.pem' }, /^--key .*cert\.pem holds no private key: expected PEM/],
    ['another key', { cert: 'cert.pem', key: 'other-key.pem' }, /^--key .* does not belong to the first/],
    ['an encrypted key', encrypted, /is encrypted: give its passphrase in CONFORMANCE_KEY_PASSPHRASE\.$/],
    ['another passphrase', encrypted, /^(?!.*wr0ng).* cannot be decrypted with the passphrase in CONF\w+\.$/, 'wr0ng'],
  ])('%s', (_, files, line, passphrase) => {
    vi.stubEnv('CONFORMANCE_KEY_PASSPHRASE', passphrase);
    const paths = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, at(file)]));
    expect(() => tlsSettingsOf(paths)).toThrow(line);
  });
});

const proxies = { HTTP_PROXY: 'http://plain.example:3128', HTTPS_PROXY: 'http://user:pass@secure.example:3128' };
const plain = 'http://plain.example:3128/';

describe('the proxy for', () => {
  test.each([
    ['http', 'http://pbx.example/base', proxies, plain],
    ['https', 'https://pbx.example', proxies, 'http://user:pass@secure.example:3128/'],
    ['a scheme without one', 'https://pbx.example', { HTTP_PROXY: 'http://plain.example:3128' }, undefined],
    ['an empty variable', 'http://pbx.example', { HTTP_PROXY: '' }, undefined],
    [
      'lower case, which wins',
      'http://pbx.example',
      { ...proxies, http_proxy: 'https://other.example' },
      'https://other.example/',
    ],
    ['a proxy without a scheme', 'http://pbx.example', { http_proxy: 'plain.example:3128' }, plain],
    ['this machine', 'http://127.0.0.1:8080', proxies, undefined],
    ['this machine by name', 'http://localhost', proxies, undefined],
    ['this machine over IPv6', 'https://[::1]:8443', proxies, undefined],
  ])('%s', (_, url, environment, expected) => {
    expect(proxyFor(url, environment)).toBe(expected);
  });
});

describe('NO_PROXY', () => {
  test.each([
    ['pbx.example', 'http://pbx.example'],
    ['example', 'http://pbx.example'],
    ['.example', 'http://pbx.example'],
    ['*.EXAMPLE', 'http://pbx.example'],
    ['other.example, pbx.example', 'http://pbx.example'],
    ['pbx.example:8080', 'http://pbx.example:8080'],
    ['pbx.example:80', 'http://pbx.example'],
    ['*', 'http://pbx.example'],
    ['192.0.2.7', 'http://192.0.2.7'],
    ['192.0.2.0/24', 'http://192.0.2.7'],
    ['2001:db8::7', 'http://[2001:db8::7]:8080'],
    ['[2001:db8::7]:8080', 'http://[2001:db8::7]:8080'],
    ['2001:db8::/32', 'http://[2001:db8::7]'],
  ])('%s excepts %s', (names, url) => {
    expect(proxyFor(url, { ...proxies, NO_PROXY: names })).toBeUndefined();
  });

  test.each([
    ['', 'http://pbx.example'],
    ['ple', 'http://pbx.example'],
    ['a.pbx.example', 'http://pbx.example'],
    ['pbx.example:8080', 'http://pbx.example'],
    ['192.0.2.0/25', 'http://192.0.2.200'],
    ['192.0.2.0/99', 'http://192.0.2.7'],
    ['2001:db8::7', 'http://[2001:db8::8]'],
  ])('%s does not except %s', (names, url) => {
    expect(proxyFor(url, { ...proxies, NO_PROXY: names })).toBe(plain);
  });
});

test.each(['socks5://u:pw@h', 'http://u:pw@'])('%s is no proxy, and is not repeated', (proxy) => {
  expect(() => proxyFor('http://pbx.example', { HTTP_PROXY: 'http://user:5%off@proxy.example' })).toThrow(
    /^HTTP_PROXY names a user or password of the proxy with a % that begins no escape: write %25\.$/,
  );
  expect(() => proxyFor('http://pbx.example', { HTTP_PROXY: proxy })).toThrow(
    /^HTTP_PROXY names no proxy: expected a URL like http:\/\/proxy\.example\.com:3128\.$/,
  );
});
