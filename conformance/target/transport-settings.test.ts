import { expect, test } from 'vitest';
import { Redaction } from './redaction.ts';
import { addConnectionSecrets, timeLimitsOf, type TransportSettings } from './transport-settings.ts';

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
