import { once } from 'node:events';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { afterFreeTime } from './in-time.ts';
import { createTransport } from './transport.ts';

/** Keeps this thread busy, so that it takes notice of nothing. */
function stall(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** After how many milliseconds a time has passed during which something is done. */
async function passingOf(milliseconds: number, meanwhile: () => unknown = () => undefined): Promise<number> {
  const started = performance.now();
  const { promise, resolve } = Promise.withResolvers<void>();
  afterFreeTime(milliseconds, resolve);
  meanwhile();
  await promise;
  return performance.now() - started;
}

describe('a time', () => {
  test.for([1, 15, 50, 333])('of %i ms passes, and not before', async (milliseconds) => {
    expect(await passingOf(milliseconds)).toBeGreaterThan(milliseconds - 1);
  });

  test('does not pass while the thread is busy, but for a part of it', async () => {
    expect(await passingOf(400, () => stall(300))).toBeGreaterThan(300 + 400 * 0.9 - 1);
  });

  test('is called off at any moment', async () => {
    let passed = 0;
    const atOnce = afterFreeTime(200, () => passed++);
    const later = afterFreeTime(200, () => passed++);
    atOnce();
    await sleep(50);
    later();
    await sleep(250);
    expect(passed).toBe(0);
  });
});

describe('a server is not blamed for a stall of the thread that asks', () => {
  /** Starts a server in another thread, which answers after a while. Returns a transport to it. */
  async function transportToServer(delay: number, timeout: number) {
    const server = `
      const { createServer } = require('node:http');
      const { parentPort } = require('node:worker_threads');
      const server = createServer((request, response) => setTimeout(() => response.end('{}'), ${delay}));
      server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
    `;
    const worker = new Worker(server, { eval: true });
    const [port] = (await once(worker, 'message')) as [number];
    const permission = { basePath: '', sendTo: [], isNumber: () => false, bulk: false, loopback: true };
    const transport = createTransport({ origin: `http://127.0.0.1:${port}`, timeout, permission });
    onTestFinished(async () => {
      transport.close();
      await worker.terminate();
    });
    return transport;
  }

  const path = '/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333';
  const reading = { method: 'GET', path, headers: {}, body: undefined } as const;

  test.for([0, 1, 2, 5])('that begins %i turns after the request', async (turns, { expect }) => {
    const transport = await transportToServer(5, 200);
    const sending = transport.send(reading);
    for (let count = 0; count < turns; count++) await turn();
    stall(500);
    expect(await sending).toMatchObject({ response: { status: 200 } });
  });

  test('but for being late by itself', async () => {
    const transport = await transportToServer(1000, 200);
    const { failure } = await transport.send(reading);
    expect(failure?.message).toBe('No byte of a response came within 200 ms, the time limit for the first one');
  });
});
