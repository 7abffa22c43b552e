import { expect, test } from 'vitest';
import { findLeaks } from './leaks.ts';

const secret = 's3cret-token+/';

test.each([
  ['as it is', secret],
  ['as it is', secret.slice(3, 11).toUpperCase()],
  ['percent-encoded', encodeURIComponent(secret)],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['in base64 behind Bearer', Buffer.from(`Bearer ${secret}`).toString('base64')],
])('a secret is seen %s', (way, text) => {
  expect(findLeaks(secret, `{"message":"${text}"}`)).toContain(way);
});

test('a text without it is not a leak', () => {
  expect(findLeaks(secret, '{"authorization":"Bearer $CONFORMANCE_TOKEN"}')).toEqual([]);
});
