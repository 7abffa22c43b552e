import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { move } from '../move.mjs';

const path = 'http://pbx.example.com/uapi/phoneCalls/:userId/:extension/:phoneCallId';
const server = setupServer(http.put(path, ({ params }) => HttpResponse.json({ id: params.phoneCallId })));
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

test('a call is moved', async () => {
  expect(await move('http://pbx.example.com')).toBe('moved b817d2618fe6f1804333');
});
