import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selectedCases } from '../cases/cases.ts';
import { suiteOf } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { startRun } from '../run/execute.ts';
import type { CaseResult } from '../run/result.ts';
import { runCases } from '../run/run-cases.ts';
import { exampleFixture } from '../target/fixture.ts';

const token = 'QmxhY2tCZXJyeS1waWU';
const suite = suiteOf(readContract(), readRequirements());

/** Bodies in which a server repeats the header Authorization. */
const echoes: readonly ((header: string) => string)[] = [
  (header) => JSON.stringify({ error: { code: header, message: header } }),
  (header) => JSON.stringify({ error: header }),
  (header) => `Not allowed: ${header}`,
];

describe('a server that repeats the token in its answers', () => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const echo = echoes[(request.url?.length ?? 0) % echoes.length] ?? String;
      response.writeHead(400, {
        'content-type': 'application/json',
        'www-authenticate': String(request.headers.authorization),
      });
      response.end(echo(String(request.headers.authorization)));
    });
  });
  let results: CaseResult[];

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const fixture = exampleFixture(suite.contract);
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const limits = { concurrency: 8, timeout: 5000, effectTimeout: 0 };
    const run = startRun(suite, {
      baseUrl,
      loopback: true,
      token,
      tokenNamed: true,
      profiles: ['core'],
      fixture,
      ...limits,
    });
    const only = ['transfer/*', 'authorization/*', 'unknown/*'];
    const cases = await selectedCases(suite, fixture, { profiles: ['core'], only, fuzz: undefined });
    results = await runCases(run, cases, 8);
    await run.close();
  });
  afterAll(() => server.close());

  test('makes cases fail', () => {
    expect(results.filter(({ verdict }) => verdict === 'fail').length).toBeGreaterThan(20);
  });

  test('does not get it into a result', () => {
    const leaking = results.filter((result) => JSON.stringify(result).includes(token));
    expect(leaking.map(({ id }) => id)).toEqual([]);
  });

  test('does not get half of it into a result', () => {
    const half = token.slice(0, Math.ceil(token.length / 2));
    const leaking = results.filter((result) => JSON.stringify(result).includes(half));
    expect(leaking.map(({ id }) => id)).toEqual([]);
  });
});
