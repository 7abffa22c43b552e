import { readFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { unusualServers } from './catalogue.ts';

interface Row {
  readonly id: string;
  readonly level: string;
  readonly excluded?: string;
}

const register = parse(readFileSync('spec/requirements.yaml', 'utf8')) as Row[];
const recommended = register.filter(({ level, excluded }) => level === 'SHOULD' && excluded === undefined);

const path = '/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333';
const authorized = { authorization: 'Bearer proof-token', 'content-type': 'application/json' };
const transfer = {
  action: 'Transfer',
  sendCallTo: '3235742879',
  transferFromNumber: '0003*024',
  transferNumber: '0003*210',
};

test('there are enough unusual servers, each with a unique id', () => {
  expect(unusualServers.length).toBeGreaterThanOrEqual(32);
  expect(new Set(unusualServers.map(({ id }) => id)).size).toBe(unusualServers.length);
});

test('unusual servers warn of requirements of level SHOULD only, and of each that there is', () => {
  const warned = new Set(unusualServers.flatMap(({ warns = [] }) => warns));
  expect([...warned].sort()).toEqual(recommended.map(({ id }) => id).sort());
});

async function send(method: string, url: string, body?: unknown) {
  const sent = request(url, { method, headers: authorized });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject).end(JSON.stringify(body));
  });
  const received = await text(response);
  return { status: response.statusCode, body: received === '' ? undefined : (JSON.parse(received) as unknown) };
}

test.concurrent.each(unusualServers.map((control) => [control.id, control] as const))(
  '%s answers',
  async (_id, control) => {
    const server = await control.start();
    const called = expect.objectContaining({ id: 'b817d2618fe6f1804333' });
    const success = await send('PUT', server.url + path, transfer);
    expect([called, undefined]).toContainEqual(success.body);
    expect(success.body ? [200, 202] : [204]).toContain(success.status);

    const refused = await send('PUT', server.url + path, { ...transfer, sendCallTo: '' });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'pc_sendcallto_invalid' } } });

    const read = await send('GET', server.url + path);
    expect([200, 404, 405, 501]).toContain(read.status);
    expect(read.body).toBeTypeOf('object');
    await server.close();
  },
);

test.each(['gzip', 'deflate', 'br', 'zstd'])('%s is applied where it is accepted', async (encoding) => {
  const server = await unusualServers.find(({ id }) => id === `transport/encoding-${encoding}`)?.start();
  const answer = await fetch(`${server?.url}${path}`, { headers: { ...authorized, 'accept-encoding': encoding } });
  expect(answer.headers.get('content-encoding')).toBe(encoding);
  expect(await answer.json()).toMatchObject({ id: 'b817d2618fe6f1804333' });
  await server?.close();
});
