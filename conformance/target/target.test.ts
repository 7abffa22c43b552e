import { describe, expect, test } from 'vitest';
import { baseUrlOf } from './target.ts';

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
    ['localhost:4010', 'http://localhost:4010'],
    ['pbx.example.com:8080/api/', 'http://pbx.example.com:8080/api'],
    ['[::1]:4010', 'http://[::1]:4010'],
  ])('of %s is %s', (text, baseUrl) => {
    expect(baseUrlOf(text)).toBe(baseUrl);
  });

  test.each([
    ['', /is no URL: expected one like http/],
    ['/uapi', /is no URL/],
    ['ftp://pbx.example.com', /is no URL/],
    ['http://', /is no URL/],
    ['http:///path', /is no URL/],
    ['http://pbx.example.com:/path', /is no URL/],
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
