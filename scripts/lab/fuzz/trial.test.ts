import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from './connection.ts';
import { startMockUnderTest } from './mock-under-test.ts';
import { Trial } from './trial.ts';

/** A server that answers every connection, and ends itself at a word. */
const fragile = `
  import { createServer } from 'node:net';
  const server = createServer((socket) => {
    socket.on('error', () => {}).on('data', (bytes) => {
      if (bytes.includes('crash')) throw new Error('the server broke');
      socket.end('answer');
    });
  });
  process.on('message', () => process.send({ heapUsed: 1 }));
  server.listen(0, '127.0.0.1', () => process.send({ url: 'http://127.0.0.1:' + server.address().port }));
`;

let folder: string;
let script: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trial-'));
  script = join(folder, 'fragile.mjs');
  writeFileSync(script, fragile);
});
afterAll(() => rmSync(folder, { recursive: true }));

const saying = (text: string): Connection => ({
  pieces: [Buffer.from(text)],
  ending: 'waits',
  expected: undefined,
});

/** What becomes of connections, where only those that are answered are good. */
async function trialOf(connections: readonly Connection[], isOver = () => false): Promise<Trial> {
  const trial = await Trial.start(
    (_, { received }) => (received.length > 0 ? undefined : 'no answer'),
    isOver,
    () => startMockUnderTest(script),
  );
  await trial.run(connections.values(), connections.length);
  return trial;
}

test('a crash is told in its own words, and the connection that it comes of is found among others', async () => {
  const trial = await trialOf(['a', 'b', 'crash', 'c', 'd'].map(saying));
  expect(await trial.memory()).toBeUndefined();
  expect(await trial.confirmed()).toMatchObject({
    number: 3,
    problem: expect.stringMatching(/^the mock crashed: [\s\S]*Error: the server broke/),
    isReproduced: true,
  });
  await trial.close();
});

test('what there is no time to try by itself is told so', async () => {
  let isOver = false;
  const trial = await trialOf(['crash'].map(saying), () => isOver);
  isOver = true;
  expect(await trial.confirmed()).toMatchObject({ number: 1, isReproduced: undefined });
  await trial.close();
});

test('where nothing is bad, nothing is confirmed', async () => {
  const trial = await trialOf(['a', 'b'].map(saying));
  expect([trial.count, trial.suspects, await trial.memory()]).toEqual([2, 0, 1]);
  expect(await trial.confirmed()).toBeUndefined();
  await trial.close();
});
