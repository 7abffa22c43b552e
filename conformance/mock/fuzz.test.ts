import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from 'undici';
import { readContract } from '../contract/contract.ts';
import { createBreachFinder, speak, transferBody } from './conversation.ts';
import { startMock, type Mock } from './mock.ts';

const contract = readContract();
const seed = 20_261;

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ contract, timeout: 300 });
});
afterAll(() => mock.close());

/** The same numbers in every run (mulberry32). */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = randomNumbers(seed);
const oneOf = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value;
const noise = (length: number): string =>
  Array.from({ length: Math.floor(random() * length) }, () =>
    String.fromCodePoint(oneOf([33, 97, 128, 0x660, 0x1f600]) + Math.floor(random() * 90)),
  ).join('');

const segments = [
  'uapi',
  'phoneCalls',
  '12',
  '@me',
  '%40me',
  '0003*210',
  '@self',
  'b817d2618fe6f1804333',
  '',
  '.',
  '..',
  '%',
  '%zz',
  '%ff',
  '%00',
  '%2F',
  ';',
  ',',
  '{userId}',
  '__proto__',
  'constructor',
];
const values = [
  'Transfer',
  '3235742879',
  '0003*024',
  '',
  null,
  0,
  -1,
  1e308,
  true,
  [],
  {},
  [[]],
  { $ref: '#' },
  'ⅷ',
  '1\n',
  '\u0000',
];
const members = [
  'action',
  'sendCallTo',
  'transferFromNumber',
  'transferNumber',
  '__proto__',
  'constructor',
  'toString',
  '',
];
const methods = ['GET', 'PUT', 'PUT', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'QUERY'];
const headers: Record<string, readonly string[]> = {
  authorization: ['Bearer a', 'Bearer a', 'Bearer a', 'bearer  b', 'Basic a', 'Bearer', '{}', 'Bearer invalid-token'],
  'content-type': [
    ...Array<string>(12).fill('application/json'),
    'application/*',
    '*/*',
    'text/plain',
    '/',
    'application/json;;',
    'multipart/form-data',
  ],
  accept: ['*/*', 'text/html', '', ',', 'application/problem+json', 'a/b;q=x'],
  prefer: [
    'code=202',
    'code=999',
    'code=-1',
    'code=0x190',
    'example=__proto__',
    'example=constructor',
    'dynamic=true',
    '=',
    ',,;',
  ],
  'content-encoding': ['gzip', 'identity', 'br'],
  range: ['bytes=0-1'],
  origin: ['http://localhost:5173', 'null', '*'],
  'access-control-request-method': ['PUT', ''],
  'if-match': ['"x"'],
};

const frequencies: Record<string, number> = { prefer: 0.2, 'content-type': 0.95, 'content-encoding': 0.1 };

function randomPath(): string {
  const start = random() < 0.7 ? ['', 'uapi', 'phoneCalls', '12', '0003*210'] : [''];
  const more = Array.from({ length: Math.floor(random() * 4) }, () =>
    random() < 0.8 ? oneOf(segments) : encodeURIComponent(noise(5)),
  );
  return [...start, ...more].join('/') || '/';
}

function randomBody(): string {
  const body: Record<string, unknown> = random() < 0.5 ? { ...transferBody } : {};
  for (let count = 0; count < 2; count += 1)
    Object.defineProperty(body, oneOf(members), {
      value: random() < 0.8 ? oneOf(values) : noise(9),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  const text = JSON.stringify(random() < 0.9 ? body : oneOf(values));
  return random() < 0.9 ? text : text.slice(0, Math.floor(random() * text.length)) + noise(4);
}

function randomHeaders(): Record<string, string> {
  const chosen = Object.entries(headers).filter(([name]) => random() < (frequencies[name] ?? 0.7));
  return Object.fromEntries(chosen.map(([name, choices]) => [name, oneOf(choices)]));
}

test('whatever is asked, the answer is within the contract', async () => {
  const breaches = createBreachFinder(contract);
  const client = new Client(mock.url);
  const seen = new Set<number>();
  for (let count = 0; count < 300; count += 1) {
    const method = oneOf(methods);
    const sent = { method, path: randomPath(), headers: randomHeaders(), body: method === 'PUT' ? randomBody() : null };
    const { statusCode: status, headers: received, body } = await client.request(sent);
    const text = await body.text();
    seen.add(status);
    // What the mock says of itself is not in the contract.
    if (method === 'HEAD' || 'link' in received) continue;
    const answer = { status, headers: received, text, body: text === '' ? {} : JSON.parse(text) };
    expect(breaches(answer), JSON.stringify(sent)).toEqual([]);
    expect(status, JSON.stringify(sent)).not.toBe(500);
  }
  await client.close();
  expect([...seen].toSorted((one, other) => one - other)).toEqual(expect.arrayContaining([200, 400, 401, 501]));
});

test('whatever bytes come, they are answered or the connection ends, and the mock lives on', async () => {
  const request = Buffer.from(`PUT /uapi/phoneCalls/12/0003*210/a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}`);
  const broken = Array.from({ length: 60 }, () => {
    const bytes = Buffer.from(request);
    for (let count = 0; count < 3; count += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    return bytes;
  });
  const received = await Promise.all(broken.map((bytes) => speak(mock.url, bytes, '\r\n\r\nend\r\n\r\n')));
  for (const answer of received)
    expect(answer).toMatch(/^(?:$|HTTP\/1\.1 [245]\d\d [^]*\{"error":\{"code":"\w+","message":")/);
  expect(await speak(mock.url, 'PUT / HTTP/1.0\r\n\r\n')).toContain('request_not_implemented');
});
