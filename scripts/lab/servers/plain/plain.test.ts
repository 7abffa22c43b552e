import { request } from 'node:http';
import { expect, test } from 'vitest';
import { startPlainServer } from './start.ts';

const call = '12/0003*210/b817d2618fe6f1804333';

// What it answers is judged by the suite in each proof of an unusual server.

test('closing destroys open connections', async () => {
  const server = await startPlainServer();
  const pending = request(`${server.url}/uapi/phoneCalls/${call}`, { method: 'PUT' });
  const failed = new Promise((resolve) => pending.on('error', resolve));
  pending.flushHeaders();
  await new Promise((resolve) => pending.on('socket', (socket) => socket.on('connect', resolve)));
  await server.close();
  expect(await failed).toBeInstanceOf(Error);
});

test('a server can be mounted below a path and accept other tokens', async () => {
  const mounted = await startPlainServer({ mountedAt: '/pbx/v1', tokens: ['another'] });
  const answer = await fetch(`${mounted.url}/uapi/phoneCalls/${call}`, {
    headers: { authorization: 'bearer another' },
  });
  expect(await answer.json()).toMatchObject({ link: { self: `${mounted.url}/uapi/phoneCalls/${call}` } });
  await mounted.close();
});
