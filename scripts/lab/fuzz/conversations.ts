import fc from 'fast-check';
import type { Contract, Operation } from '../../../conformance/contract/contract.ts';

/** The expected answer to a request: a success, that of a preflight, or anything that the contract has. */
type Expected = 'success' | 'preflight' | 'anything';

/** All that a client sends over one connection. */
export interface Conversation {
  /** The bytes, in the pieces in which they are written. */
  readonly pieces: readonly Buffer[];
  /** The expected answers to the requests; undefined if not all requests are well-formed. */
  readonly expected: readonly Expected[] | undefined;
  /** True if the client resets the connection instead of waiting for answers. */
  readonly leaves: boolean;
}

interface Message {
  readonly bytes: Buffer;
  readonly expected?: Expected;
}

/** Messages that HTTP does not have, or that are easily misread; `PATH` stands for a path of the contract. */
const broken: readonly string[] = [
  ...['HTTP/0.9', 'HTTP/2.0', 'http/1.1', ''].map((version) => `GET PATH ${version}\r\n\r\n`),
  ...[': a', 'Host', 'Host : a', 'A: b\r\n folded', 'A: b\0c'].map((line) => `GET PATH HTTP/1.1\r\n${line}\r\n\r\n`),
  ...['1\r\nContent-Length: 2', '2, 2', '-1', '0x2', '9'.repeat(20), '20', '2\r\nTransfer-Encoding: chunked'].map(
    (length) => `PUT PATH HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n{}`,
  ),
  ...['zz\r\n{}\r\n0', '1\r\n{}\r\n0', `${'f'.repeat(18)}\r\n{}`, '2\r\n{}\r\n0\r\nA: \0'].map(
    (chunks) => `PUT PATH HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}\r\n\r\n`,
  ),
  'PUT PATH HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n{}',
  'PUT PATH HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n',
  'CONNECT example.org:443 HTTP/1.1\r\nHost: a\r\n\r\nPUT PATH HTTP/1.1\r\n\r\n',
  'GET PATH HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x05hello',
  'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03',
  `GET PATH HTTP/1.1\r\nHost: a\r\nA: ${'a'.repeat(40_000)}\r\n\r\n`,
  `GET PATH/${'%41'.repeat(13_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `GET PATH HTTP/1.1\r\nHost: a\r\n${Array.from({ length: 3000 }, (_, index) => `h${index}: \r\n`).join('')}\r\n`,
];

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('', '.', '..', '%', '@me', '*'));

const oddSegments = "@me %40me @self %zz % %ff %00 %2F %2e%2e ; {userId} __proto__ '".split(' ');
const segment = fc.oneof(
  text.map((any) => encodeURIComponent(any.toWellFormed()) || '%20'),
  fc.constantFrom(...oddSegments),
);

const oddFields: Readonly<Record<string, readonly string[]>> = {
  Accept: ['*/*', 'text/html', '', 'a/b;q=x'],
  Prefer: ['code=202', 'code=403', 'code=999', 'code=', 'example=__proto__', 'dynamic=true', ',,;'],
  'Content-Type': ['text/plain', 'application/json; charset=utf-16', 'multipart/form-data', '/', ''],
  Authorization: ['Basic a', 'Bearer', '', 'Bearer invalid-token'],
  'Content-Encoding': ['gzip'],
  Expect: ['100-continue', 'wonders'],
  Origin: ['https://page.example'],
  'Access-Control-Request-Method': ['PUT'],
};
const headerLine = fc.constantFrom(
  ...Object.entries(oddFields).flatMap(([name, values]) => values.map((value) => `${name}: ${value}`)),
);

/** Returns what clients may send to a server of a contract: valid requests, odd ones, broken ones and noise. */
export function conversations(contract: Contract): fc.Arbitrary<Conversation> {
  const operation = fc.constantFrom(...contract.operations);
  const valid = operation.map((one): Message => ({ bytes: validRequest(one), expected: 'success' }));
  const preflight = operation.map((one): Message => {
    const lines = ['Origin: https://page.example', `Access-Control-Request-Method: ${one.method}`];
    return { bytes: request('OPTIONS', examplePath(one), lines, ''), expected: 'preflight' };
  });
  const odd = oddMessage(contract.operations);
  const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  const brokenBytes = fc
    .tuple(fc.constantFrom(...broken), operation)
    .map(([any, one]) => Buffer.from(any.replaceAll('PATH', examplePath(one)), 'latin1'));
  const noise = fc.oneof(brokenBytes, mutated(fc.oneof(valid, odd)), anyBytes).map((bytes): Message => ({ bytes }));
  const messages = fc.array(fc.oneof(valid, odd, noise, preflight), { minLength: 1, maxLength: 4 });
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 });
  return fc.tuple(messages, cuts, fc.nat({ max: 20 })).map(([sent, places, luck]) => {
    const bytes = Buffer.concat(sent.map((message) => message.bytes));
    const at = [0, ...places.map((place) => Math.round(place * bytes.length)).toSorted((one, other) => one - other)];
    const expected = sent.flatMap((message) => message.expected ?? []);
    return {
      pieces: at.map((start, index) => bytes.subarray(start, at[index + 1])),
      expected: expected.length === sent.length ? expected : undefined,
      leaves: luck === 20,
    };
  });
}

/** Returns the request that an operation's examples show. */
export function validRequest(operation: Operation): Buffer {
  const body = operation.body?.content[0]?.examples.values().next().value;
  return request(operation.method, examplePath(operation), [], body === undefined ? '' : JSON.stringify(body));
}

/** Requests that HTTP has nothing against, for an operation of a contract or for another. */
function oddMessage(operations: readonly Operation[]): fc.Arbitrary<Message> {
  const shown = operations.flatMap(({ body }) => [...(body?.content[0]?.examples.values() ?? [])] as object[]);
  const members = fc.dictionary(fc.oneof(fc.constantFrom('action', 'sendCallTo', '__proto__'), text), fc.jsonValue());
  const changed = fc
    .tuple(fc.constantFrom(...shown), members)
    .map(([one, more]) => JSON.stringify({ ...one, ...more }));
  const nested = fc.nat({ max: 100_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth));
  return fc
    .record({
      operation: fc.constantFrom(...operations),
      method: fc.option(fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'QUERY'), { freq: 3 }),
      odd: fc.option(fc.tuple(fc.nat({ max: 3 }), segment)),
      query: fc.constantFrom('', '', '?', '?a=b', '?%zz=%', '?__proto__=1', '?__code=403', '?__dynamic=true'),
      lines: fc.array(headerLine, { maxLength: 2 }),
      body: fc.oneof({ weight: 9, arbitrary: changed }, fc.json(), fc.string({ unit: 'binary' }), nested),
      chunked: fc.boolean(),
    })
    .map(({ operation, method, odd, query, lines, body, chunked }) => ({
      bytes: request(method ?? operation.method, examplePath(operation, odd) + query, lines, body, chunked),
      expected: 'anything',
    }));
}

/** Bytes in which a few are cut out, repeated or put in at one place. */
function mutated(messages: fc.Arbitrary<Message>): fc.Arbitrary<Buffer> {
  const inserted = fc.constantFrom('', '\r\n', '\n\n', ...'\0\r :/%?#,"\xff\\');
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  return fc
    .tuple(messages, place, fc.nat({ max: 8 }), fc.nat({ max: 3 }), inserted)
    .map(([{ bytes }, at, cut, times, added]) => {
      const start = Math.round(at * bytes.length);
      const span = bytes.subarray(start, start + cut);
      const middle = [...Array<Buffer>(times).fill(span), Buffer.from(added, 'latin1')];
      return Buffer.concat([bytes.subarray(0, start), ...middle, bytes.subarray(start + cut)]);
    });
}

function examplePath({ path, parameters }: Operation, odd?: readonly [place: number, segment: string] | null): string {
  let place = 0;
  return path.replaceAll(/\{(.+?)\}/g, (_, name: string) => {
    const examples = parameters.find((parameter) => parameter.name === name)?.examples;
    return place++ === odd?.[0] ? odd[1] : String(examples?.values().next().value);
  });
}

function request(method: string, path: string, lines: readonly string[], body: string, chunked = false): Buffer {
  const content = Buffer.from(body.toWellFormed());
  const usual = ['Host: mock', 'Authorization: Bearer any-token', 'Content-Type: application/json'];
  const head = [...usual.filter((line) => !lines.some((other) => other.startsWith(line.slice(0, 9)))), ...lines];
  const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${content.length}`;
  const start = [`${method} ${path} HTTP/1.1`, ...head, framing, '', ''].join('\r\n');
  if (!chunked) return Buffer.concat([Buffer.from(start), content]);
  const chunk =
    content.length === 0 ? [] : [Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n')];
  return Buffer.concat([Buffer.from(start), ...chunk, Buffer.from('0\r\n\r\n')]);
}
