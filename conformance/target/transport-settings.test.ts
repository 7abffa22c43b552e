import { describe, expect, test } from 'vitest';
import { Redaction } from './redaction.ts';
import {
  addConnectionSecrets,
  addHeaders,
  parseHeader,
  timeLimitsOf,
  type TransportSettings,
} from './transport-settings.ts';

test.each([
  ['nothing but the whole', 4000, {}, { connect: 4000, firstByte: 4000, total: 4000 }],
  ['a long whole', 60_000, {}, { connect: 5000, firstByte: 60_000, total: 60_000 }],
  ['the first byte', 60_000, { firstByteTimeout: 300 }, { connect: 300, firstByte: 300, total: 60_000 }],
  ['connecting', 60_000, { connectTimeout: 9000 }, { connect: 9000, firstByte: 60_000, total: 60_000 }],
  [
    'more than the whole',
    100,
    { connectTimeout: 300, firstByteTimeout: 200 },
    { connect: 100, firstByte: 100, total: 100 },
  ],
])('limits that follow from %s', (_, total, settings, limits) => {
  expect(timeLimitsOf(total, settings)).toEqual(limits);
});

function withoutConnectionSecrets(text: string, settings?: TransportSettings): string {
  const redaction = new Redaction();
  addConnectionSecrets(redaction, settings);
  return redaction.hide(text);
}

test('the secrets of a connection are taken out of a text, however they are encoded', () => {
  const settings = { proxy: 'http://user:p%40ssword@proxy.example', tls: { passphrase: 'open, sesame' } };
  const sent = Buffer.from('user:p@ssword').toString('base64');
  const text = `user, p@ssword, p%40ssword, Basic ${sent}, open, sesame`;
  const shown = '$SECRET_OF_THE_CONNECTION';
  expect(withoutConnectionSecrets(text, settings)).toBe(`user, ${shown}, ${shown}, Basic ${shown}, ${shown}`);
  expect(withoutConnectionSecrets(text)).toBe(text);
  expect(withoutConnectionSecrets('a user of a proxy', { proxy: 'http://user@proxy.example' })).toBe(
    'a user of a proxy',
  );
});

describe('a header', () => {
  test.each([
    ['X-Api-Key: k', { name: 'x-api-key', value: 'k' }],
    ['X-Ghost-Id: 1', { name: 'x-ghost-id', value: '1' }],
    ['X-Connection-Id: 1', { name: 'x-connection-id', value: '1' }],
    ['traceparent:00-ab', { name: 'traceparent', value: '00-ab' }],
    ['Authorization: Basic dTpw ', { name: 'authorization', value: 'Basic dTpw' }],
    ['Cookie: a=b; c=d', { name: 'cookie', value: 'a=b; c=d' }],
  ])('%s is read', (field, header) => {
    expect(parseHeader(field)).toEqual(header);
  });

  const names =
    'Host Connection Transfer-Encoding Content-Length Content-Type Upgrade Expect TE If-Match Range Prefer Forwarded ' +
    'X-HTTP-Method-Override X-HTTP-Method X-Method-Override X-Original-URL X-Rewrite-URL X-Forwarded-Host ' +
    'X-Forwarded-Prefix Proxy-Authorization X-Host X-Accel-Redirect X-Override-Path URI Trailer Accept-Encoding';
  test.each(names.split(' '))('%s is refused', (name) => {
    expect(() => parseHeader(`${name}: s3cret`)).toThrow(`${name} could make another request of what the suite sends`);
    expect(() => parseHeader(`${name}: s3cret`)).toThrow(/^(?!.*s3cret)/);
  });

  test.each(['', 'name', ': value', 'a b: c', 'X-Key:', 'X-Key: ', 'X-Key: a\r\nHost: b', 'X-Key: é'])(
    '%j is refused',
    (field) => {
      expect(() => parseHeader(field)).toThrow("expected 'NAME: VALUE'");
    },
  );
});

describe('added headers', () => {
  const header = (name: string) => ({ name, value: 'v', shown: '$S' });

  test('stand next to the own ones, as they are sent or shown', () => {
    expect(addHeaders({ accept: 'a' }, [header('x-key')])).toEqual({ accept: 'a', 'x-key': 'v' });
    expect(addHeaders({ accept: 'a' }, [header('x-key')], 'shown')).toEqual({ accept: 'a', 'x-key': '$S' });
  });

  test.each([
    ['the token that nobody named', { authorization: 'Bearer token' }, { authorization: 'v' }],
    ['no token of a case', { authorization: 'Bearer other' }, { authorization: 'Bearer other' }],
    ['no authorization that a case leaves out', {}, {}],
  ])('replace %s', (_, own, expected) => {
    expect(addHeaders(own, [header('authorization')])).toEqual(expected);
  });
});
