import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf, baseUrlOf, isLoopback, loopbackOnly } from './address.ts';
import { connectionsTo, connected } from './connection.ts';

test.each([
  ['/uapi/phoneCalls/12/0003*210/b817', '12', '0003*210', 'b817'],
  ['/uapi/phoneCalls/12/0003*210/b817/', '12', '0003*210', 'b817'],
  ['/uapi/phoneCalls/%40me/%40self/b%38%317', '@me', '@self', 'b817'],
  ['/api/v1/uapi/phoneCalls/12/0003*210/b817', '12', '0003*210', 'b817'],
  ['/uapi/phoneCalls/12/0003*210/b817%zz', '12', '0003*210', 'b817%zz'],
  ['/uapi/phoneCalls/12/0003*210', '12', '0003*210', undefined],
])('the request %s is about %s, %s and %s', (path, user, extension, call) => {
  expect(addressOf({ method: 'PUT', path, headers: {}, body: undefined })).toEqual({ user, extension, call });
});

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

const nowhere = async () => [];

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
])('%s is this machine', async (url) => {
  expect(await isLoopback(url, async () => ['127.0.0.1', '::1', '127.8.9.10'])).toBe(true);
  expect(await isLoopback(url, nowhere)).toBe(true);
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
])('%s is not this machine, whatever it leads to', async (url) => {
  expect(await isLoopback(url, async () => ['127.0.0.1'])).toBe(false);
});

test('a name is this machine only if all its addresses are', async () => {
  const own = fc.oneof(
    fc.constant('::1'),
    fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((n) => `127.${n.join('.')}`),
  );
  const other = fc.oneof(fc.ipV4(), fc.ipV6()).filter((address) => !/^127\.|^[0:]*:0*1$|7f/i.test(address));
  await fc.assert(
    fc.asyncProperty(fc.array(own), other, fc.constantFrom('localhost', 'pbx.localhost'), async (owns, stray, name) => {
      expect(await isLoopback(`http://${name}`, async () => owns)).toBe(true);
      expect(await isLoopback(`http://${name}`, async () => [...owns, stray])).toBe(false);
      expect(await resolved([...owns, stray])).toContain(stray);
      expect(await resolved(owns)).toBe('');
    }),
  );
});

/** Resolves with the message of a connection's lookup that finds some addresses, or '' if it succeeds. */
function resolved(addresses: readonly string[]): Promise<string> {
  const find: LookupFunction = (_, __, callback) => {
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return new Promise((resolve) => {
    loopbackOnly(find)('pbx.localhost', { all: true }, (error) => resolve(error?.message ?? ''));
  });
}

test('a connection to this machine is not made where the name leads elsewhere by then', async () => {
  const connections = connectionsTo('http://pbx.localhost:9', { loopback: true }, loopbackOnly(elsewhere));
  const outgoing = connections.open({ method: 'GET', path: '/', headers: {} }, false);
  await expect(connected(outgoing)).rejects.toThrow(
    'the name pbx.localhost leads to 192.0.2.10 now, which is another machine',
  );
  outgoing.destroy();
  connections.close();
});

const elsewhere: LookupFunction = (_, options, callback) => lookup('192.0.2.10', options, callback);
