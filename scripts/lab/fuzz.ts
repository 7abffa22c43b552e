import { randomInt } from 'node:crypto';
import { connect } from 'node:net';
import process from 'node:process';
import { setImmediate as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Command } from 'commander';
import fc from 'fast-check';
import { addOptions, readValues, runCommand } from '../../conformance/cli/command-line.ts';
import { wholeNumber } from '../../conformance/cli/option-values.ts';
import { readContract, type Operation } from '../../conformance/contract/contract.ts';
import type { JsonValue } from '../../conformance/contract/json.ts';
import { schemaValidator } from '../../conformance/contract/schemas.ts';
import { startMock } from '../../conformance/mock/mock.ts';

/** The most conversations that are held at once, the milliseconds for each, and the MiB that the heap may grow by. */
const [atOnce, limit, tolerated] = [512, 20_000, 16];

const contract = readContract();
const validate = schemaValidator(contract);
const responses = contract.operations.flatMap((operation) => operation.responses);

const options = {
  requests: { flags: '--requests <n>', value: wholeNumber(1, 1e8), default: 10_000, description: 'about how many' },
  seed: { flags: '--seed <n>', value: wholeNumber(0, 2 ** 31 - 1), description: 'hold those of an earlier run again' },
};

const command = addOptions(new Command('npm run lab -- fuzz'), options)
  .description('Sends a mock valid, odd and broken conversations, and prints the smallest that it does not stand.')
  .addHelpText('after', '\nExit codes: 0 all were answered as they must be, 1 one was not, 2 nothing was tried.');

/**
 * All that a client sends over one connection, in the pieces in which it is written, and the expected answers: a success,
 * or anything documented; undefined if some requests are broken.
 */
type Conversation = { readonly pieces: readonly Buffer[]; readonly expected: readonly string[] | undefined };
type Message = { readonly bytes: Buffer; readonly expected?: 'success' | 'anything' };

const headLines = (head: string, ...lines: readonly string[]) => [head, 'Host: a', ...lines, '', ''].join('\r\n');

/** Messages that HTTP does not have, or that are easily misread; `PATH` stands for a path of the contract. */
const broken: readonly string[] = [
  ...['HTTP/0.9', 'HTTP/2.0', 'http/1.1', ''].map((version) => `GET PATH ${version}\r\n\r\n`),
  ...[': a', 'Host', 'Host : a', 'A: b\r\n folded', 'A: b\0c'].map((line) => `GET PATH HTTP/1.1\r\n${line}\r\n\r\n`),
  ...['1\r\nContent-Length: 2', '2, 2', '-1', '0x2', '9'.repeat(20), '20', '2\r\nTransfer-Encoding: chunked'].map(
    (length) => `${headLines('PUT PATH HTTP/1.1', `Content-Length: ${length}`)}{}`,
  ),
  ...['zz\r\n{}\r\n0', '1\r\n{}\r\n0', `${'f'.repeat(18)}\r\n{}`, '2\r\n{}\r\n0\r\nA: \0'].map(
    (chunks) => `${headLines('PUT PATH HTTP/1.1', 'Transfer-Encoding: chunked')}${chunks}\r\n\r\n`,
  ),
  `${headLines('PUT PATH HTTP/1.1', 'Transfer-Encoding: gzip')}{}`,
  headLines('PUT PATH HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 2000000'),
  `${headLines('CONNECT example.org:443 HTTP/1.1')}PUT PATH HTTP/1.1\r\n\r\n`,
  `${headLines('GET PATH HTTP/1.1', 'Connection: upgrade', 'Upgrade: websocket')}\x81\x05hello`,
  headLines('OPTIONS * HTTP/1.1'),
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03',
  headLines('GET PATH HTTP/1.1', `A: ${'a'.repeat(40_000)}`),
  headLines(`GET PATH/${'%41'.repeat(13_000)} HTTP/1.1`),
  headLines('GET PATH HTTP/1.1', ...Array.from({ length: 3000 }, (_, index) => `h${index}: `)),
];

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('', '.', '..', '%', '@me', '*'));
const segment = fc.oneof(
  text.map((any) => encodeURIComponent(any.toWellFormed()) || '%20'),
  fc.constantFrom(..."@me %40me @self %zz % %ff %00 %2F %2e%2e ; {userId} __proto__ '".split(' ')),
);
const lines: readonly string[] = [
  'Content-Encoding: gzip',
  'Expect: 100-continue',
  ...['', '\r\nAccess-Control-Request-Method: PUT'].map((more) => `Origin: https://page.example${more}`),
  ...['*/*', 'text/html', 'a/b;q=x'].map((type) => `Accept: ${type}`),
  ...['code=202', 'code=403', 'code=', 'example=__proto__', 'dynamic=true', ',,;'].map((value) => `Prefer: ${value}`),
  ...['text/plain', 'application/json; charset=utf-16', '/', ''].map((type) => `Content-Type: ${type}`),
  ...['Basic a', 'Bearer', '', 'Bearer invalid-token'].map((value) => `Authorization: ${value}`),
];

/** Requests of clients: those that examples show, odd ones that HTTP has nothing against, and broken ones. */
const operation = fc.constantFrom(...contract.operations);
const valid = operation.map((one): Message => {
  return { bytes: request(one.method, examplePath(one), [], exampleBody(one)), expected: 'success' };
});
const members = fc.dictionary(fc.oneof(fc.constantFrom('action', 'sendCallTo', '__proto__'), text), fc.jsonValue());
const nested = fc.nat({ max: 100_000 }).map((depth) => '['.repeat(depth));
const odd = fc
  .record({
    one: operation,
    method: fc.option(fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'QUERY'), { freq: 3 }),
    place: fc.nat({ max: 6 }),
    segment,
    query: fc.constantFrom('', '', '?', '?a=b', '?%zz=%', '?__proto__=1', '?__code=403', '?__dynamic=true'),
    more: fc.array(fc.constantFrom(...lines), { maxLength: 2 }),
    members,
    other: fc.option(fc.oneof(fc.json(), fc.string({ unit: 'binary' }), nested), { freq: 9 }),
  })
  .map(({ one, method, place, segment, query, more, members, other }): Message => {
    const body = other ?? JSON.stringify({ ...(JSON.parse(exampleBody(one) || '{}') as object), ...members });
    const path = `${examplePath(one, place, segment)}${query}`;
    return { bytes: request(method ?? one.method, path, more, body), expected: 'anything' };
  });
/** Requests in which a few bytes are replaced by others. */
const mutated = fc
  .tuple(fc.oneof(valid, odd), fc.nat(), fc.nat({ max: 8 }), fc.constantFrom('', '\r\n', ...'\n\0 :/%?#,"\xff\\'))
  .map(([message, at, cut, added]) => {
    const bytes = message.bytes.toString('latin1');
    const start = at % bytes.length;
    return `${bytes.slice(0, start)}${added}${bytes.slice(start + cut)}`;
  });
const misread = fc
  .tuple(fc.constantFrom(...broken), operation)
  .map(([any, one]) => any.replaceAll('PATH', examplePath(one)));
const noise = fc
  .oneof(misread, mutated, fc.string({ unit: 'binary', maxLength: 200 }))
  .map((bytes): Message => ({ bytes: Buffer.from(bytes, 'latin1') }));
const sent = fc.array(fc.oneof(valid, odd, noise), { minLength: 1, maxLength: 4 });
const conversations = fc
  .tuple(sent, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }))
  .map(([messages, cuts]): Conversation => {
    const bytes = Buffer.concat(messages.map((message) => message.bytes));
    const at = [0, ...cuts.map((cut) => Math.round(cut * bytes.length)).toSorted((one, other) => one - other)];
    const expected = messages.flatMap((message) => message.expected ?? []);
    return {
      pieces: at.map((start, index) => bytes.subarray(start, at[index + 1])),
      expected: expected.length === messages.length ? expected : undefined,
    };
  });

await runCommand(command, fuzz);

function exampleBody({ body }: Operation): string {
  return JSON.stringify(body?.content[0]?.examples.values().next().value) ?? '';
}

/** Returns a path as examples show it, with another segment in the place of one of its parameters. */
function examplePath({ path, parameters }: Operation, place = -1, segment = ''): string {
  let index = 0;
  return path.replaceAll(/\{(.+?)\}/g, (_, name: string) => {
    const examples = parameters.find((parameter) => parameter.name === name)?.examples;
    return index++ === place ? segment : String(examples?.values().next().value);
  });
}

function request(method: string, path: string, own: readonly string[], body: string): Buffer {
  const content = Buffer.from(body.toWellFormed());
  const usual = ['Host: mock', 'Authorization: Bearer any-token', 'Content-Type: application/json'];
  const head = [...usual.filter((line) => !own.some((other) => other.startsWith(line.slice(0, 9)))), ...own];
  const start = [`${method} ${path} HTTP/1.1`, ...head, `Content-Length: ${content.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(start), content]);
}

async function fuzz(): Promise<number> {
  const { requests, seed = randomInt(2 ** 31) } = readValues(command, options);
  const mock = await startMock({ contract, timeout: 2000, keep: 10 });
  let thrown: unknown;
  process.on('uncaughtException', (error) => (thrown = error));
  const tryAll = async (batch: readonly Conversation[]) => {
    const problems = await Promise.all(batch.map((one) => holdConversation(one, mock.url)));
    const problem = problems.find((one) => one !== undefined) ?? (thrown && `the mock threw ${inspect(thrown)}`);
    thrown = undefined;
    if (problem) throw new Error(String(problem));
  };
  const batches = fc.array(conversations, { minLength: 1, maxLength: atOnce, size: 'max' });
  const numRuns = Math.ceil(requests / (atOnce / 2));
  const property = fc.asyncProperty(batches, tryAll);
  // The first time, memory is taken that is never given back.
  await fc.check(property, { seed, numRuns: 1 });
  const before = measureHeap();
  const result = await fc.check(property, { seed, numRuns });
  const after = measureHeap();
  const grown = after - before < tolerated ? undefined : 'the heap grows';
  const problem = result.failed ? (result.errorInstance as Error).message : grown;
  const verdict = problem === undefined ? 'Each was answered as it must be.' : `Not as it must be: ${problem}`;
  const heap = `the heap: ${before.toFixed(1)} MiB before and ${after.toFixed(1)} MiB behind them`;
  const bad = (result.counterexample?.[0] ?? []).map(
    ({ pieces }) => `  ${JSON.stringify(Buffer.concat(pieces).toString('latin1'))}\n`,
  );
  process.stdout.write(`About ${requests} conversations, seed ${seed}; ${heap}\n${verdict}\n${bad.join('')}`);
  await mock.close();
  return problem === undefined ? 0 : 1;
}

/** Returns the MiB of the heap that are in use. */
function measureHeap(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** Holds a conversation, and returns what is wrong with its answers. */
async function holdConversation({ pieces, expected }: Conversation, url: string): Promise<string | undefined> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), noDelay: true, allowHalfOpen: true });
  // A connection that is reset closes too, and what came before counts.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  let received = Buffer.alloc(0);
  const began = performance.now();
  socket.on('error', () => undefined).on('end', () => socket.end());
  socket.setTimeout(limit, () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (readAnswers(received).answers.length >= (expected?.length ?? Infinity)) socket.end();
  });
  for (const piece of pieces) {
    if (socket.writable) socket.write(piece);
    await pause();
  }
  // Nothing more is sent, so that what is incomplete need not be waited for.
  if (expected === undefined) socket.end();
  await closed;
  if (performance.now() - began > limit) return `neither answered nor ended within ${limit} ms`;
  const { answers, rest } = readAnswers(received);
  if (rest.length > 0) return `what came is not an answer: ${rest.toString('latin1').slice(0, 200)}`;
  if (expected !== undefined && answers.length !== expected.length)
    return `${answers.length} answers to ${expected.length} requests`;
  const asksForFailure = /code\s*=|example\s*=/i.test(Buffer.concat(pieces).toString('latin1'));
  return answers.map((answer, index) => judge(answer, expected?.[index], asksForFailure)).find((one) => one);
}

type Answer = { readonly status: number; readonly head: string; readonly body: string };

function judge({ status, head, body }: Answer, expected: string | undefined, asksForFailure: boolean) {
  // The mock's own page is outside the contract; well-formed requests of operations do not get it.
  if (expected === undefined && body.startsWith('{"mock":')) return undefined;
  if (expected === 'success' && status >= 300) return `${status} to a request with nothing wrong`;
  if (status === 500 && !asksForFailure) return 'the answer is 500';
  const type = /^content-type: (.*)$/im.exec(head)?.[1];
  const isDocumented = responses.some(({ status: documented, content: [media] }) => {
    if (documented !== String(status)) return false;
    if (media === undefined) return body === '';
    return type === media.name && validate(media.schemaPointer, JSON.parse(body) as JsonValue).length === 0;
  });
  return isDocumented ? undefined : `the contract does not have this answer: ${status} ${type} ${body.slice(0, 200)}`;
}

/** Reads the final answers in what came, and the bytes behind them. */
function readAnswers(received: Buffer): { readonly answers: readonly Answer[]; readonly rest: Buffer } {
  const answers: Answer[] = [];
  for (let rest = received; ;) {
    const end = rest.indexOf('\r\n\r\n');
    const head = rest.subarray(0, Math.max(0, end)).toString('latin1');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    const length = status < 200 || status === 204 ? 0 : Number(/^content-length: (\d+)$/im.exec(head)?.[1]);
    if (Number.isNaN(length) || rest.length < end + 4 + length) return { answers, rest };
    const body = rest.subarray(end + 4, end + 4 + length).toString();
    if (status >= 200) answers.push({ status, head, body });
    rest = rest.subarray(end + 4 + length);
  }
}
