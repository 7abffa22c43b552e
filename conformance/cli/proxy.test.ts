import { describe, expect, test } from 'vitest';
import { proxyFor } from './proxy.ts';

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
  expect(() => proxyFor('http://pbx.example', { HTTP_PROXY: proxy })).toThrow(
    /^HTTP_PROXY names no proxy: expected a URL like http:\/\/proxy\.example\.com:3128\.$/,
  );
});
