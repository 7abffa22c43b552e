import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { ConformanceInput } from '../suite-input.ts';
import { runScript } from '../../scripts/generate/run-script.ts';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';
import { prepareInTime } from './prepare-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'prepare-run-'));
const module = join(folder, 'endless.mjs');
writeFileSync(module, 'while (true);');
afterAll(() => rmSync(folder, { recursive: true }));

const preparation = { cases: 1, requirements: [], undertaking: undefined };
const input = { calls: pathToFileURL(module).href } as ConformanceInput;
const never = { prepare: () => new Promise<never>(() => undefined) };

describe('a run is prepared', () => {
  test('in time, or is given up with the name of the module', async () => {
    const line = `The call source ${module} cannot be loaded: it kept its thread busy for 50 ms; `;
    await expect(prepareInTime(never, input, 50)).rejects.toThrow(line);
    expect(await prepareInTime({ prepare: async () => preparation }, input, 50)).toBe(preparation);
  });

  test('in any time, where no module places calls', async () => {
    const slow = { prepare: () => new Promise<typeof preparation>((end) => setTimeout(end, 200, preparation)) };
    expect(await prepareInTime(slow, { ...input, calls: undefined }, 50)).toBe(preparation);
  });
});

test('a module that never ends is told in one line', { timeout: 120_000 }, async () => {
  const server = await startPlainServer({ tokens: ['token'] });
  const ended = await runScript('scripts/conformance.ts', [server.url, '--calls', module, '--token', 'token']);
  await server.close();
  expect(ended).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringMatching(/^The call source .*endless\.mjs.*\n$/),
  });
});
