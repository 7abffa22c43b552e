import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeContent, deepestJson, longestBody, measureJson, mostJson, receivedBody } from './body.ts';
import { IncompleteExchange } from './failure.ts';

const text = '{"id":"b817d2618fe6f1804333"}';
const content = Buffer.from(text);
const gzipped = gzipSync(content);

describe('decodeContent', () => {
  test.each([
    ['nothing', undefined, content],
    ['an empty header', '', content],
    ['identity', 'identity', content],
    ['gzip', 'gzip', gzipped],
    ['gzip in capitals', 'GZIP', gzipped],
    ['x-gzip', 'x-gzip', gzipped],
    ['deflate', 'deflate', deflateSync(content)],
    ['deflate without its wrapper', 'deflate', deflateRawSync(content)],
    ['br', 'br', brotliCompressSync(content)],
    ['zstd', 'zstd', zstdCompressSync(content)],
    ['several, the last one outermost', 'deflate, gzip', gzipSync(deflateSync(content))],
    ['an empty entry', 'gzip, ,', gzipped],
  ])('undoes %s', (_, encoding, encoded) => {
    expect(decodeContent(encoded, encoding).toString()).toBe(text);
  });

  test('refuses a body that is encoded more than five times over', () => {
    const nested = Array.from({ length: 6 }).reduce<Buffer>((inner) => gzipSync(inner), content);
    expect(() => decodeContent(nested, 'gzip, '.repeat(6))).toThrow(
      new IncompleteExchange('too large', 'The body is encoded 6 times over, the limit is 5'),
    );
  });

  test.each(['gzip', 'deflate', 'br', 'gzip, br'])('leaves an empty body declared as %s empty', (encoding) => {
    expect(decodeContent(Buffer.alloc(0), encoding)).toHaveLength(0);
  });

  test.each([
    ['compress', content, 'The body is encoded as compress, which was not asked for'],
    ['constructor', content, 'The body is encoded as constructor, which was not asked for'],
    ['gzip', content, 'The body is declared as gzip, but cannot be decoded'],
    ['gzip', gzipped.subarray(0, -4), 'The body is declared as gzip, but cannot be decoded'],
    ['deflate', gzipped, 'The body is declared as deflate, but cannot be decoded'],
    ['br', gzipped, 'The body is declared as br, but cannot be decoded'],
  ])('refuses %s where the body is something else', (encoding, encoded, message) => {
    expect(() => decodeContent(encoded, encoding)).toThrow(expect.objectContaining({ kind: 'encoding' }));
    expect(() => decodeContent(encoded, encoding)).toThrow(message);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('stops at a %s that grows beyond the bound', (encoding, compress) => {
    const bomb = compress(Buffer.alloc(longestBody + 1));
    expect(bomb.length).toBeLessThan(longestBody / 100);
    expect(() => decodeContent(bomb, encoding)).toThrow(expect.objectContaining({ kind: 'too large' }));
    expect(decodeContent(compress(Buffer.alloc(longestBody)), encoding)).toHaveLength(longestBody);
  });
});

describe('receivedBody', () => {
  test.each([
    ['an object', text, { id: 'b817d2618fe6f1804333' }],
    ['null', 'null', null],
    ['a text', '"é"', 'é'],
    ['blanks around', ' \r\n[] ', []],
    ['JSON that is nested as deep as may be', '['.repeat(deepestJson) + ']'.repeat(deepestJson), expect.any(Array)],
    ['commas in a text', `"${','.repeat(mostJson)}"`, ','.repeat(mostJson)],
    ['brackets in a text', `"${'['.repeat(deepestJson + 1)}"`, '['.repeat(deepestJson + 1)],
  ])('reads %s', (_, body, value) => {
    expect(receivedBody(Buffer.from(body))).toMatchObject({ text: body, json: { value }, problem: undefined });
  });

  test.each([
    ['nothing', '', 'the body is empty'],
    ['a blank', ' ', /JSON/],
    ['a text', 'Transferred', /JSON/],
    ['two values', '{}{}', /JSON/],
    ['a byte order mark', '\uFEFF{}', /JSON.*\uFEFF/],
    [
      'JSON that is nested too deep',
      '['.repeat(101) + ']'.repeat(101),
      'the body is nested 101 deep, the limit is 100',
    ],
    ['brackets that are never closed', '['.repeat(100_000), 'the body is nested 100000 deep, the limit is 100'],
    ['JSON of too many values', `[${'0,'.repeat(60_000)}0]`, 'the body has 60002 values, the limit is 50000'],
  ])('says why %s is no JSON', (_, body, problem) => {
    const received = receivedBody(Buffer.from(body));
    expect(received).toMatchObject({ text: body, json: undefined });
    expect(received.problem).toMatch(problem);
  });

  test('says in one line what is wrong with several', () => {
    expect(receivedBody(Buffer.from('not\njson')).problem).toMatch(/^.*JSON.*$/);
  });

  test('counts bytes, not characters', () => {
    expect(receivedBody(Buffer.from('"é"')).length).toBe(4);
  });

  test.each([
    ['Latin-1', Buffer.from('"é"', 'latin1')],
    ['UTF-16', Buffer.from('\uFEFF"id"', 'utf16le')],
    ['half of a character', Buffer.from('"é"').subarray(0, 2)],
    ['a surrogate by itself', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ])('says that %s is not UTF-8', (_, body) => {
    expect(receivedBody(body)).toMatchObject({
      json: undefined,
      problem: 'the body is not UTF-8',
      length: body.length,
    });
  });
});

test.each([
  ['', 0],
  ['{}', 1],
  ['[[],[[]]]', 3],
  ['{"a":{"b":[]},"c":{}}', 3],
  ['"[[["', 0],
  [String.raw`["\"[[[", "\\", []]`, 2],
  [']]][', 0],
])('%s is nested %i deep', (json, depth) => {
  expect(measureJson(json).depth).toBe(depth);
});
