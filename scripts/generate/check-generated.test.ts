import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { compareFolders } from './compare-folders.ts';
import { runScript } from './run-script.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-generated-'));
  await cp('generated', folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true }));

test('a faithful copy has no differences', async () => {
  expect(await compareFolders(folder, 'generated')).toEqual([]);
});

test('a changed, a missing and an extra file are each found, in folders too', async () => {
  await appendFile(join(folder, 'types.ts'), ' ');
  await rm(join(folder, 'client', 'index.ts'));
  await writeFile(join(folder, 'client', '.left-over'), '');
  expect(await compareFolders(folder, 'generated')).toEqual([
    { path: 'client/.left-over', kind: 'extra' },
    { path: 'client/index.ts', kind: 'missing' },
    { path: 'types.ts', kind: 'changed' },
  ]);
});

test('a folder that is not there misses every file', async () => {
  const differences = await compareFolders(join(folder, 'nowhere'), 'generated');
  expect(differences).toContainEqual({ path: 'openapi.json', kind: 'missing' });
  expect(new Set(differences.map(({ kind }) => kind))).toEqual(new Set(['missing']));
});

test('the command names each difference and exits with 1', async () => {
  await appendFile(join(folder, 'openapi.json'), ' ');
  await rm(join(folder, 'types.ts'));
  await writeFile(join(folder, 'left-over.ts'), '');
  const { exitCode, stderr } = await runScript('scripts/check-generated.ts', ['--out', folder]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('/openapi.json: changed');
  expect(stderr).toContain('/types.ts: missing');
  expect(stderr).toContain('/left-over.ts: extra');
});
