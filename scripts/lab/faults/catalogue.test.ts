import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { faults } from './catalogue.ts';

interface Row {
  readonly id: string;
  readonly excluded?: string;
}

const register = parse(readFileSync('spec/requirements.yaml', 'utf8')) as Row[];
const testable = register.filter(({ excluded }) => excluded === undefined).map(({ id }) => id);

test('there are enough faults, each with an id of its own', () => {
  expect(faults.length).toBeGreaterThanOrEqual(170);
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
});

test('every id names a family and a fault, every description is a sentence', () => {
  for (const { id, says } of faults) {
    expect(id).toMatch(/^[a-z-]+\/[A-Za-z0-9-]+$/);
    expect(says).toMatch(/^[A-Z@].*\.$/);
  }
});

test('every fault names a requirement that can be tested', () => {
  expect(faults.filter(({ requirement }) => !testable.includes(requirement))).toEqual([]);
});

test('every requirement that can be tested has a fault', () => {
  expect(testable.filter((id) => !faults.some(({ requirement }) => requirement === id))).toEqual([]);
});

test('every faulty server starts and closes', async () => {
  const servers = await Promise.all(faults.map((faulty) => faulty.start()));
  for (const { url } of servers) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  await Promise.all(servers.map((server) => server.close()));
});
