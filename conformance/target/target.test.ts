import { describe, expect, test } from 'vitest';
import { baseUrlOf, isLoopback } from './target.ts';

describe('baseUrlOf', () => {
  test.each([
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010'],
    ['http://127.0.0.1:4010/', 'http://127.0.0.1:4010'],
    ['HTTPS://PBX.example.com', 'https://pbx.example.com'],
    ['https://pbx.example.com:443/', 'https://pbx.example.com'],
    ['https://pbx.example.com/unified//', 'https://pbx.example.com/unified'],
    ['https://pbx.example.com/a/../b/', 'https://pbx.example.com/b'],
    ['https://pbx.example.com/?', 'https://pbx.example.com'],
    ['http://[::1]:4010/api', 'http://[::1]:4010/api'],
  ])('of %s is %s', (text, baseUrl) => {
    expect(baseUrlOf(text)).toBe(baseUrl);
  });

  test.each([
    ['', /is no URL: expected one like http/],
    ['127.0.0.1:4010', /is no URL/],
    ['localhost:4010', /is no URL/],
    ['/uapi', /is no URL/],
    ['ftp://pbx.example.com', /is no URL/],
    ['http://', /is no URL/],
    ['https://pbx.example.com/?token=1', /has a query: leave it out/],
    ['https://pbx.example.com/#calls', /has a fragment: leave it out/],
    ['https://user@pbx.example.com', /has credentials in its URL/],
    ['https://user:secret@pbx.example.com', /has credentials in its URL/],
  ])('refuses %o in one line', (text, expected) => {
    expect(() => baseUrlOf(text)).toThrow(expected);
    expect(() => baseUrlOf(text)).toThrow(/^The target .+\.$/);
  });

  test.each(['https://user:secret@pbx.example.com/?all', 'ftp://user:secret@pbx'])(
    'does not repeat the password of %s',
    (text) => {
      expect(() => baseUrlOf(text)).toThrow(/^(?!.*secret)/);
    },
  );
});

describe('isLoopback', () => {
  test.each([
    'http://127.0.0.1',
    'http://127.1.2.3:4010',
    'http://127.1/',
    'http://2130706433/',
    'http://localhost:4010',
    'http://LOCALHOST',
    'http://pbx.localhost',
    'http://[::1]:4010',
    'http://[0:0:0:0:0:0:0:1]',
  ])('knows %s as this machine', (baseUrl) => {
    expect(isLoopback(baseUrl)).toBe(true);
  });

  test.each([
    'http://pbx.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://128.0.0.1',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://[::2]',
    'http://[::ffff:10.0.0.1]',
    'http://example.com/localhost',
    'http://localhost@example.com',
  ])('does not take %s for this machine', (baseUrl) => {
    expect(isLoopback(baseUrl)).toBe(false);
  });
});
