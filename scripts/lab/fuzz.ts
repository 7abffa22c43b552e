import { fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';
import { setImmediate as pause } from 'node:timers/promises';
import { Command } from 'commander';
import fc from 'fast-check';
import { addOptions, readValues, runCommand } from '../../conformance/cli/command-line.ts';
import { wholeNumber } from '../../conformance/cli/option-values.ts';
import { readContract } from '../../conformance/contract/contract.ts';
import type { JsonValue } from '../../conformance/contract/json.ts';
import { schemaValidator } from '../../conformance/contract/schemas.ts';
import { startMock } from '../../conformance/mock/mock.ts';
import { conversations, validRequest, type Conversation } from './fuzz/conversations.ts';

/** The most conversations that are held at once, and the milliseconds within which each has its answers or ends. */
const atOnce = 512;
const limit = 20_000;

/**
 * The time after which a failed conversation is held again, in milliseconds, and how often. While a machine is stalled, a
 * server may time a request out, or end a connection between two of them as idle.
 */
const [stall, mostRepetitions] = [1000, 3];

/** The most by which the mock's heap may grow, in MiB. */
const tolerated = 16;

/** The argument that makes this file the process of the mock. */
const forked = 'mock';

const contract = readContract();
const validate = schemaValidator(contract);
const responses = contract.operations.flatMap((operation) => operation.responses);

const options = {
  requests: { flags: '--requests <n>', value: wholeNumber(1, 1e8), default: 10_000, description: 'about how many' },
  seed: { flags: '--seed <n>', value: wholeNumber(0, 2 ** 31 - 1), description: 'hold those of an earlier run again' },
  seconds: { flags: '--seconds <n>', value: wholeNumber(1, 86_400), default: 600, description: 'stop after this time' },
};

const command = addOptions(new Command('npm run lab -- fuzz'), options)
  .description('Sends a mock valid, odd and broken conversations, and prints the smallest that it does not stand.')
  .addHelpText('after', '\nExit codes: 0 all were answered as they must be, 1 one was not, 2 nothing was tried.');

if (process.argv[2] === forked) await serveMock();
else await runCommand(command, fuzz);

async function fuzz(): Promise<number> {
  const { requests, seconds, seed = randomInt(2 ** 31) } = readValues(command, options);
  let mock = await forkMock();
  const heaps = [await mock.heap()];
  let count = 0;
  const tryAll = async (batch: readonly Conversation[]) => {
    if (mock.trouble() !== undefined) mock = await forkMock();
    count += batch.length;
    const problems = await Promise.all(batch.map((conversation) => findProblem(conversation, mock.url)));
    const heap = await mock.heap();
    heaps.push(heap);
    const problem = Number.isNaN(heap) ? mock.trouble() : problems.find((one) => one !== undefined);
    if (problem !== undefined) throw new Error(problem);
  };
  const batches = fc.array(conversations(contract), { minLength: 1, maxLength: atOnce, size: 'max' });
  const last = contract.operations.map((operation): Conversation => {
    return { pieces: [validRequest(operation)], expected: ['success'], leaves: false };
  });
  try {
    const result = await fc.check(fc.asyncProperty(batches, tryAll), {
      seed,
      numRuns: Math.ceil(requests / (atOnce / 2)),
      interruptAfterTimeLimit: seconds * 1000,
      examples: [[last]],
    });
    const bad = result.counterexample?.[0] ?? [];
    if (bad.length === 0) await tryAll(last);
    const [early = NaN, middle = NaN, late = NaN] = [heaps[0], heaps[heaps.length >> 1], heaps.at(-1)];
    const grown = late - early > tolerated ? 'the heap grows' : undefined;
    const problem = bad.length === 0 ? (grown ?? mock.trouble()) : (result.errorInstance as Error).message;
    const heap = `the mock's heap: ${[early, middle, late].map((size) => size.toFixed(1)).join(', ')} MiB before, amid and behind them`;
    const verdict = problem === undefined ? 'Each was answered as it must be.' : `Not as it must be: ${problem}`;
    const lines = [`${count} conversations, seed ${seed}; ${heap}`, verdict, ...bad.flatMap(describe)];
    process.stdout.write(`${lines.join('\n')}\n`);
    return problem === undefined ? 0 : 1;
  } finally {
    mock.close();
  }
}

/** Serves a mock in this process, and tells its address, then the MiB of its heap that are in use at each message. */
async function serveMock(): Promise<void> {
  const mock = await startMock({ contract, timeout: 2000, keep: 10 });
  process.on('message', () => {
    globalThis.gc?.();
    process.send?.(process.memoryUsage().heapUsed / 2 ** 20);
  });
  process.once('disconnect', () => void mock.close());
  process.send?.(mock.url);
}

/** Returns lines of a shell that send a conversation. */
function describe({ pieces, leaves }: Conversation): string[] {
  const escape = (letter: string) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;
  const printed = pieces.map((piece) => piece.toString('latin1').replaceAll(/[^ -$&(-Z[\]-~]/g, escape));
  const head = `One connection${leaves ? ', which the client resets' : ''}:`;
  return [head, ...printed.map((text) => `  printf '${text}'`)];
}

/** Starts a mock in a process that may crash. */
async function forkMock() {
  const execArgv = [...process.execArgv, '--expose-gc'];
  const child = fork(import.meta.filename, [forked], { silent: true, execArgv });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += String(chunk)));
  const ended = once(child, 'close').then(() => [undefined]);
  const [url] = (await Promise.race([once(child, 'message'), ended])) as [string | undefined];
  if (url === undefined) throw new Error(`The mock did not start: ${said.split('\n')[0]}`);
  return {
    url,
    /** Returns the MiB of the heap that are in use; not a number where the mock does not react. */
    async heap(): Promise<number> {
      child.send('heap', () => undefined);
      const told = once(child, 'message', { signal: AbortSignal.timeout(limit) }).catch(() => [undefined]);
      const [mebibytes = Number.NaN] = (await Promise.race([told, ended])) as [number | undefined];
      return mebibytes;
    },
    /** Returns what is wrong with the process: its log must be clean. */
    trouble(): string | undefined {
      if (child.exitCode !== null || child.signalCode !== null) return `the mock ended: ${said.trim()}`;
      return said === '' ? undefined : `the mock printed ${said.trim()}`;
    },
    close: () => child.kill('SIGKILL'),
  };
}

/** Returns what is wrong with the answers of a conversation that no stall disturbed. */
async function findProblem(conversation: Conversation, url: string): Promise<string | undefined> {
  for (let repetitions = 0; ; repetitions++) {
    const began = performance.now();
    const problem = await holdConversation(conversation, url);
    const isDisturbed = performance.now() - began > stall && repetitions < mostRepetitions;
    if (problem === undefined || !isDisturbed) return problem;
  }
}

/** Holds a conversation, and returns what is wrong with its answers. */
async function holdConversation({ pieces, expected, leaves }: Conversation, url: string): Promise<string | undefined> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), noDelay: true, allowHalfOpen: true });
  // A connection that is reset closes too, and what came before counts.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined).on('end', () => socket.end());
  let received = Buffer.alloc(0);
  let isHanging = false;
  socket.setTimeout(limit, () => {
    isHanging = true;
    socket.destroy();
  });
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (readAnswers(received).answers.length >= (expected?.length ?? Infinity)) socket.end();
  });
  for (const piece of pieces) {
    if (socket.writable) socket.write(piece);
    await pause();
  }
  if (leaves) socket.resetAndDestroy();
  // Nothing more is sent, so that what is incomplete need not be waited for.
  else if (expected === undefined) socket.end();
  await closed;
  if (isHanging) return `neither answered nor ended within ${limit} ms`;
  if (leaves) return undefined;
  const { answers, rest } = readAnswers(received);
  if (rest.length > 0) return `what came is not an answer: ${rest.toString('latin1').slice(0, 200)}`;
  if (expected !== undefined && answers.length !== expected.length)
    return `${answers.length} answers to ${expected.length} requests`;
  const asksForFailure = /code\s*=|example\s*=/i.test(Buffer.concat(pieces).toString('latin1'));
  return answers.map((answer, index) => judge(answer, expected?.[index], asksForFailure)).find((one) => one);
}

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
  /** True if a page of another origin may read it. */
  readonly isShared: boolean;
}

function judge({ status, type, body, isShared }: Answer, expected: string | undefined, asksForFailure: boolean) {
  if (expected === 'preflight' && (status !== 204 || !isShared)) return `${status} to a preflight`;
  // The mock's own page is outside the contract; well-formed requests of operations do not get it.
  if (expected === undefined && body.startsWith('{"mock":')) return undefined;
  if (expected === 'success' && status >= 300) return `${status} to a request with nothing wrong`;
  if (status === 500 && !asksForFailure) return 'the answer is 500';
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
    const isShared = /^access-control-allow-origin: https:\/\/page\.example\r?$/im.test(head);
    if (status >= 200) answers.push({ status, type: /^content-type: (.*)$/im.exec(head)?.[1], body, isShared });
    rest = rest.subarray(end + 4 + length);
  }
}
