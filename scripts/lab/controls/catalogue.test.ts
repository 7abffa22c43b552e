import { readFileSync } from 'node:fs';
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
test('there are enough unusual servers, each with a unique id', () => {
  expect(unusualServers.length).toBeGreaterThanOrEqual(32);
  expect(new Set(unusualServers.map(({ id }) => id)).size).toBe(unusualServers.length);
});

test('unusual servers warn of requirements of level SHOULD only, and of each that there is', () => {
  const warned = new Set(unusualServers.flatMap(({ warns = [] }) => warns));
  expect([...warned].sort()).toEqual(recommended.map(({ id }) => id).sort());
});

test.each(['gzip', 'deflate', 'br', 'zstd'])('%s is applied where it is accepted', async (encoding) => {
  const server = await unusualServers.find(({ id }) => id === `transport/encoding-${encoding}`)?.start();
  const answer = await fetch(`${server?.url}${path}`, { headers: { ...authorized, 'accept-encoding': encoding } });
  expect(answer.headers.get('content-encoding')).toBe(encoding);
  expect(await answer.json()).toMatchObject({ id: 'b817d2618fe6f1804333' });
  await server?.close();
});
