import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selectCases } from '../cases/select.ts';
import { createSuite } from '../cases/suite.ts';
import { readContract } from '../contract/contract.ts';
import { readRequirements } from '../contract/requirements.ts';
import { startRun } from '../run/execute.ts';
import type { CaseResult } from '../run/result.ts';
import { runCases } from '../run/schedule.ts';
import { exampleFixture } from '../call/fixture.ts';

const token = 'QmxhY2tC/XJyeS1wa+U';
const cookie = 'c00kie-that-nobody-must-see';
const suite = createSuite(readContract(), readRequirements());

const codes = (text: string, write: (code: number) => string) =>
  [...text].map((character) => write(character.charCodeAt(0))).join('');

/** Bodies in which a server repeats the header Authorization. */
const echoes: readonly ((header: string) => string)[] = [
  (header) => JSON.stringify({ error: { code: header, message: header } }),
  (header) => JSON.stringify({ error: header }),
  (header) => `Not allowed: ${header}`,
  (header) => JSON.stringify({ error: { code: header.toUpperCase(), message: cookie } }),
  (header) => JSON.stringify({ error: { code: encodeURIComponent(header), message: '' } }),
  (header) => JSON.stringify({ error: { code: Buffer.from(header).toString('base64'), message: '' } }),
  (header) => JSON.stringify({ error: { code: header.replace(/.{6}/g, '$&\n'), message: '' } }),
  (header) => `{"error":{"code":"${codes(header, (code) => `\\u00${code.toString(16)}`)}","message":""}}`,
  (header) => `<p>${codes(header, (code) => `&#${code};`)}</p>`,
  (header) => JSON.stringify({ id: header, extension: header, link: { self: `/${header}?access_token=${header}` } }),
  (header) => JSON.stringify({ id: 'b8', phoneCallView: [{ id: header, source: [header], destination: [header] }] }),
];

/** The texts that no result may show: the token in several encodings, and its half, which one case sends. */
const secrets = [token, token.slice(0, Math.ceil(token.length / 2)), cookie].flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1),
  Buffer.from(`Bearer ${secret}`).toString('base64').slice(10, -4),
  codes(secret, (code) => `\\u00${code.toString(16)}`),
]);

function shownIn(text: string): string[] {
  const searched = text.toLowerCase();
  return secrets.filter((secret) => searched.includes(secret.toLowerCase()));
}

describe('a server that repeats the token in its answers', () => {
  let count = 0;
  const respond = ({ headers }: IncomingMessage) => {
    const echo = echoes[count++ % echoes.length] ?? String;
    const status = count % 3 === 0 ? 200 : 400;
    return { status, text: echo(String(headers.authorization)) };
  };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const { status, text } = respond(request);
      response.writeHead(status, {
        'content-type': 'application/json',
        'www-authenticate': String(request.headers.authorization),
        'set-cookie': `sid=${cookie}; Path=/`,
        location: `/login?token=${encodeURIComponent(String(request.headers.authorization))}`,
      });
      response.end(text);
    });
  });
  let results: CaseResult[];

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const fixture = exampleFixture(suite.contract);
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const limits = { concurrency: 8, timeout: 5000, effectTimeout: 0 };
    const target = { baseUrl, loopback: true, token, tokenNamed: true, profiles: ['core'], fixture, ...limits };
    const run = startRun(suite, target);
    const cases = selectCases(suite, fixture, {
      profiles: ['core'],
      only: [],
      fuzz: undefined,
      shard: { index: 1, count: 4 },
    });
    results = await runCases(run, cases, 8);
    await run.close();
  });
  afterAll(() => server.close());

  test('makes cases fail', () => {
    expect(results.filter(({ verdict }) => verdict === 'fail').length).toBeGreaterThan(50);
    expect(count).toBeGreaterThan(10 * echoes.length);
  });

  test('does not get it into a result, whatever it looks like', () => {
    const leaking = results.map((result) => [result.id, ...shownIn(JSON.stringify(result))]);
    expect(leaking.filter(({ length }) => length > 1)).toEqual([]);
  });
});
