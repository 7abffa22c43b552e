import fc from 'fast-check';
import type { Contract, Operation } from '../../../conformance/contract/contract.ts';
import type { JsonValue } from '../../../conformance/contract/json.ts';
import type { Message } from './connection.ts';
import { seldom } from './seldom.ts';

/** A body larger than any that a server of the contract needs to read. */
const tooLarge = 1024 * 1024 + 1;

const strings = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('', '.', '..', '%', '@me', '*'));

/** Path segments, encoded or not, none of which is empty or ends the path. */
const segments = fc.oneof(
  strings.map((text) => encodeURIComponent(text.toWellFormed()) || '%20'),
  fc.constantFrom(
    '@me',
    '%40me',
    '@self',
    '%zz',
    '%',
    '%ff',
    '%00',
    '%2F',
    '%2e%2e',
    ';',
    '{userId}',
    '__proto__',
    "'",
  ),
);

const contentTypes = [
  ...Array<string>(8).fill('application/json'),
  'application/json; charset=utf-16',
  'APPLICATION/JSON;charset="utf-8"',
  'application/*',
  'text/plain',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  '/',
  '',
];

const optional: readonly (readonly [string, readonly string[]])[] = [
  ['Accept', ['*/*', 'text/html', '', 'a/b;q=x', 'application/problem+json']],
  ['Prefer', ['code=202', 'code=204', 'code=403', 'code=999', 'code=', 'example=__proto__', 'dynamic=true', ',,;']],
  ['Content-Encoding', ['identity', 'gzip', 'br, gzip']],
  ['Connection', ['keep-alive', 'close', 'upgrade', 'x, close']],
  ['Upgrade', ['websocket', 'h2c']],
  ['Expect', ['100-continue', 'wonders']],
  ['Range', ['bytes=0-1']],
  ['Cookie', ['a=b', ';;']],
  ['X-HTTP-Method-Override', ['DELETE']],
];

/** The requests that a contract's examples show, with nothing wrong. */
export function validMessages(contract: Contract): fc.Arbitrary<Message> {
  return fc.constantFrom(...contract.operations).map((operation) => {
    const body = operation.body?.content[0]?.examples.values().next().value;
    const lines = [...headersOf(operation, 'Bearer any-token', 'application/json'), 'Host: mock'];
    return {
      bytes: serialised(
        operation.method,
        examplePath(operation),
        lines,
        body === undefined ? '' : JSON.stringify(body),
      ),
      expected: { operation, succeeds: true, isLast: false },
    };
  });
}

/** Requests that HTTP has nothing against, for an operation of a contract's or for none. */
export function wellFormedMessages(contract: Contract): fc.Arbitrary<Message> {
  const { operations } = contract;
  const parts = fc.record({
    operation: fc.constantFrom(...operations),
    method: seldom(3, fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'QUERY')),
    odd: seldom(2, segments),
    place: fc.nat({ max: 3 }),
    query: seldom(5, fc.constantFrom('?', '?a=b', '?%zz=%', '?__proto__=1')),
    token: fc.constantFrom('Bearer any-token', 'bearer  a', 'Basic a', 'Bearer', '', 'Bearer invalid-token'),
    contentType: fc.constantFrom(...contentTypes),
    more: fc.subarray(
      optional.map((entry) => entry),
      { maxLength: 3 },
    ),
    choice: fc.nat({ max: 9 }),
    body: bodies(operations),
    chunked: seldom(4, fc.integer({ min: 1, max: 400 })),
  });
  return parts.map(({ operation, method, odd, place, query, token, contentType, more, choice, body, chunked }) => {
    const chosen = method ?? operation.method;
    const named = operations.find((one) => one.path === operation.path && one.method === chosen);
    const path = examplePath(operation, odd, place) + (query ?? '');
    const options = more.map(([name, values]) => [name, values[choice % values.length] ?? ''] as const);
    const lines = [...headersOf(operation, token, contentType), ...options.map((pair) => pair.join(': '))];
    // A wish for another protocol is not granted, and what follows it is not read.
    const isLast = options.some(([name, value]) => name === 'Upgrade' || value.includes('close'));
    return {
      bytes: serialised(chosen, path, lines, body, chunked),
      expected: { operation: named, succeeds: false, isLast: isLast || body.length >= tooLarge },
    };
  });
}

function bodies(operations: readonly Operation[]): fc.Arbitrary<string> {
  const shown = operations.flatMap(({ body }) => [...(body?.content[0]?.examples.values() ?? [])]);
  const members = fc.dictionary(
    fc.oneof(fc.constantFrom('action', 'sendCallTo', 'transferFromNumber', 'transferNumber', '__proto__'), strings),
    fc.jsonValue({ depthSize: 'small' }),
    { maxKeys: 3 },
  );
  const changed = fc
    .tuple(fc.constantFrom(...shown), members)
    .map(([body, more]) => JSON.stringify({ ...(body as object), ...more }));
  const deep = fc.tuple(fc.nat({ max: 100_000 }), fc.constantFrom('[', '{"a":')).map(([depth, open]) => {
    return open.repeat(depth) + '1' + (open === '[' ? ']' : '}').repeat(depth);
  });
  return fc.oneof(
    { weight: 100, arbitrary: changed },
    { weight: 20, arbitrary: fc.json() },
    { weight: 10, arbitrary: fc.constantFrom(...shown).map(withDuplicates) },
    { weight: 10, arbitrary: fc.string({ unit: 'binary' }) },
    { weight: 10, arbitrary: fc.constant('') },
    { weight: 2, arbitrary: deep },
    { weight: 1, arbitrary: fc.constantFrom(' ', '[').map((text) => text.repeat(tooLarge)) },
  );
}

function withDuplicates(body: JsonValue): string {
  const text = JSON.stringify(body);
  return `${text.slice(0, -1)},${text.slice(1)}`;
}

function headersOf({ body }: Operation, token: string, contentType: string): string[] {
  return [
    ...(token === '' ? [] : [`Authorization: ${token}`]),
    ...(body === undefined ? [] : [`Content-Type: ${contentType}`]),
  ];
}

/** The path of an operation with its examples, and one of its parameters replaced. */
export function examplePath({ path, parameters }: Operation, odd?: string, place = 0): string {
  const names = [...path.matchAll(/\{(.+?)\}/g)].map((match) => match[1] ?? '');
  return path.replaceAll(/\{(.+?)\}/g, (_, name: string) => {
    if (odd !== undefined && name === names[place % names.length]) return odd;
    const examples = parameters.find((parameter) => parameter.name === name)?.examples.values();
    return String(examples?.next().value);
  });
}

function serialised(method: string, path: string, lines: readonly string[], body: string, chunk?: number): Buffer {
  const content = Buffer.from(body.toWellFormed());
  const framing = chunk === undefined ? `Content-Length: ${content.length}` : 'Transfer-Encoding: chunked';
  const head = Buffer.from([`${method} ${path} HTTP/1.1`, ...lines, framing, '', ''].join('\r\n'));
  return Buffer.concat([head, ...(chunk === undefined ? [content] : chunks(content, chunk))]);
}

function chunks(content: Buffer, size: number): Buffer[] {
  // So many of the smallest at most.
  const least = Math.max(size, Math.ceil(content.length / 1000));
  const parts = Array.from({ length: Math.ceil(content.length / least) }, (_, index) =>
    content.subarray(index * least, (index + 1) * least),
  );
  return [...parts, Buffer.alloc(0)].map((part) =>
    Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
  );
}
