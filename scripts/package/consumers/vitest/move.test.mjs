import process from 'node:process';
import { bypass, http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { move } from '../move.mjs';

const host = 'http://pbx.example.com';
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

test('a call is moved', async () => {
  const path = `${host}/uapi/phoneCalls/:userId/:extension/:phoneCallId`;
  server.use(http.put(path, ({ params }) => HttpResponse.json({ id: params.phoneCallId })));
  expect(await move(host)).toBe('moved b817d2618fe6f1804333');
});

test('a call of the mock is moved', async () => {
  const forward = ({ request }) => fetch(bypass(request.url.replace(host, process.env.MOCK_URL), request));
  server.use(http.all(`${host}/*`, forward));
  expect(await move(host)).toBe('moved b817d2618fe6f1804333');
  expect(await move(host, { token: 'invalid-token' })).toBe('access_denied');
});
