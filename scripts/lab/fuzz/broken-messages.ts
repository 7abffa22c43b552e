import fc from 'fast-check';

/** Bytes that are no request of HTTP/1.1, or one that is easily misread; `PATH` stands for a path of the contract. */
const broken: readonly string[] = [
  'GET PATH\r\n\r\n',
  'GET PATH\n\n',
  'GET PATH HTTP/0.9\r\n\r\n',
  'GET PATH HTTP/1.2\r\n\r\n',
  'GET PATH HTTP/2.0\r\n\r\n',
  'GET PATH HTTP/11.1\r\n\r\n',
  'GET PATH http/1.1\r\n\r\n',
  'GET  PATH  HTTP/1.1\r\n\r\n',
  'GET\tPATH\tHTTP/1.1\r\n\r\n',
  'get PATH HTTP/1.1\r\nHost: a\r\n\r\n',
  'TRANSFER PATH HTTP/1.1\r\nHost: a\r\n\r\n',
  ' GET PATH HTTP/1.1\r\n\r\n',
  '\r\n\r\n\r\nGET PATH HTTP/1.1\r\n\r\n',
  'GET PATH\0 HTTP/1.1\r\n\r\n',
  'GET PATH HTTP/1.1\r\nHost : a\r\n\r\n',
  'GET PATH HTTP/1.1\r\n: a\r\n\r\n',
  'GET PATH HTTP/1.1\r\nHost\r\n\r\n',
  'GET PATH HTTP/1.1\r\nA: b\r\n folded\r\n\r\n',
  'GET PATH HTTP/1.1\r\nA: b\0c\r\n\r\n',
  'GET PATH HTTP/1.1\r\nA: b\rc\r\n\r\n',
  'GET PATH HTTP/1.1\nHost: a\n\n',
  'PUT PATH HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
  'PUT PATH HTTP/1.1\r\nContent-Length: 2, 2\r\n\r\n{}',
  'PUT PATH HTTP/1.1\r\nContent-Length: -1\r\n\r\n{}',
  'PUT PATH HTTP/1.1\r\nContent-Length: +2\r\n\r\n{}',
  'PUT PATH HTTP/1.1\r\nContent-Length: 0x2\r\n\r\n{}',
  'PUT PATH HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n{}',
  'PUT PATH HTTP/1.1\r\nContent-Length: 20\r\n\r\n{}',
  'PUT PATH HTTP/1.1\r\nContent-Length: 1\r\n\r\n{"action":"Transfer"}',
  'PUT PATH HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  'PUT PATH HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
  'PUT PATH HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n',
  'PUT PATH HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n',
  'PUT PATH HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}',
  'PUT PATH HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nA: \0\r\n\r\n',
  'PUT PATH HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  'PUT PATH HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n{}',
  'PUT PATH HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  'PUT PATH HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n',
  'PUT PATH HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n',
  'PUT PATH HTTP/1.1\r\nExpect: 100-continue, wonders\r\nTransfer-Encoding: chunked\r\n\r\nzz',
  'CONNECT example.org:443 HTTP/1.1\r\nHost: a\r\n\r\nPUT PATH HTTP/1.1\r\n\r\n',
  'CONNECT PATH HTTP/1.1\r\n\r\n',
  'GET PATH HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x05hello',
  'GET PATH HTTP/1.1\r\nConnection: upgrade, http2-settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03',
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'PUT PATH HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n\xff\xfe\xc0\x80',
];

/** Header sections that are longer than any listener reads, or just not. */
const long = fc
  .record({
    name: fc.constantFrom('A', 'Authorization', 'Prefer', 'Content-Type'),
    length: fc.integer({ max: 40_000 }),
  })
  .map(({ name, length }) => `GET PATH HTTP/1.1\r\n${name}: ${'a'.repeat(Math.max(0, length))}\r\n\r\n`);

const many = fc
  .integer({ min: 1, max: 3000 })
  .map(
    (count) => `GET PATH HTTP/1.1\r\n${Array.from({ length: count }, (_, index) => `h${index}: \r\n`).join('')}\r\n`,
  );

const longTarget = fc
  .integer({ min: 1, max: 40_000 })
  .map((length) => `GET PATH/${'%41'.repeat(length / 3)} HTTP/1.1\r\n\r\n`);

/** Requests that are none. */
export function brokenMessages(paths: readonly string[]): fc.Arbitrary<Buffer> {
  const texts = fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom(...broken) },
    { weight: 2, arbitrary: long },
    { weight: 1, arbitrary: many },
    { weight: 1, arbitrary: longTarget },
  );
  return fc
    .tuple(texts, fc.constantFrom(...paths))
    .map(([text, path]) => Buffer.from(text.replaceAll('PATH', path), 'latin1'));
}

/** Bytes with one place changed: a byte, a few that are cut out, repeated, or put in. */
export function mutated(bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const inserted = fc.oneof(
    fc.uint8Array({ maxLength: 6 }).map((values) => Buffer.from(values)),
    fc
      .constantFrom('\0', '\r\n', '\r', '\n\n', ' ', ':', '/', '//', '%zz', '%', '?', '#', ';', ',', '"', '\xff', '\\')
      .map((text) => Buffer.from(text, 'latin1')),
  );
  const change = fc.record({
    at: fc.nat({ max: 2 ** 30 }),
    removed: fc.nat({ max: 8 }),
    repeated: fc.nat({ max: 3 }),
    inserted,
  });
  return fc.tuple(bytes, change).map(([whole, { at, removed, repeated, inserted: added }]) => {
    const start = at % (whole.length + 1);
    const span = whole.subarray(start, start + removed);
    return Buffer.concat([
      whole.subarray(0, start),
      ...Array<Buffer>(repeated).fill(span),
      added,
      whole.subarray(start + removed),
    ]);
  });
}
