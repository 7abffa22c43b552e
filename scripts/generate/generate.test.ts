import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { compareFolders } from './compare-folders.ts';
import { runScript } from './run-script.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generate-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('a copy of the contract generates what the contract generates, whatever the name of its folder', async () => {
  const named = join(folder, 'a #b %41 ü');
  await mkdir(named);
  await writeFile(join(named, 'copy.yaml'), await readFile('spec/openapi.yaml'));
  const { exitCode, stderr } = await generate('--spec', join(named, 'copy.yaml'), '--out', join(named, 'generated'));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(await compareFolders(join(named, 'generated'), 'generated')).toEqual([]);
});

test('--bundle-only writes the bundle and nothing else', async () => {
  await generate('--out', join(folder, 'generated'), '--bundle-only');
  expect(await readdir(join(folder, 'generated'))).toEqual(['openapi.json']);
});

describe('a contract that is refused is told in a line with its place, and leaves nothing behind:', () => {
  test.each([
    ['no such file', undefined, /^SPEC: .*no such file/],
    ['no YAML', 'openapi: 3.1.1\ninfo: [\n', /^SPEC:3:1: .*cannot be read/],
    ['no object', 'text\n', /^SPEC: .*cannot be read: Document must be JSON object/],
    [
      'a broken rule',
      'openapi: 3.1.1\ninfo: {title: A, version: "1"}\npaths: {}\n',
      /^SPEC:2:1: .* \(rule info-license\)/m,
    ],
  ])('%s', async (_, content, expected) => {
    const specification = join(folder, 'contract.yaml');
    if (content !== undefined) await writeFile(specification, content);
    const { exitCode, stdout, stderr } = await generate('--spec', specification, '--out', join(folder, 'generated'));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.replaceAll(specification, 'SPEC')).toMatch(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await readdir(folder)).not.toContain('generated');
  });
});

describe('a folder of generated files,', () => {
  let copy: string;
  beforeEach(async () => {
    copy = join(folder, 'copy');
    await cp('generated', copy, { recursive: true });
  });

  test('a faithful copy has no differences', async () => {
    expect(await compareFolders(copy, 'generated')).toEqual([]);
  });

  test('a changed, a missing and an extra file are each found, in folders too', async () => {
    await appendFile(join(copy, 'types.ts'), ' ');
    await rm(join(copy, 'client', 'index.ts'));
    await writeFile(join(copy, 'client', '.left-over'), '');
    expect(await compareFolders(copy, 'generated')).toEqual([
      { path: 'client/.left-over', kind: 'extra' },
      { path: 'client/index.ts', kind: 'missing' },
      { path: 'types.ts', kind: 'changed' },
    ]);
  });

  test('a folder that is not there misses every file', async () => {
    const differences = await compareFolders(join(copy, 'nowhere'), 'generated');
    expect(differences).toContainEqual({ path: 'openapi.json', kind: 'missing' });
    expect(new Set(differences.map(({ kind }) => kind))).toEqual(new Set(['missing']));
  });

  test('the command names each difference and exits with 1', async () => {
    await appendFile(join(copy, 'openapi.json'), ' ');
    await rm(join(copy, 'types.ts'));
    await writeFile(join(copy, 'left-over.ts'), '');
    const { exitCode, stderr } = await generate('--check', '--out', copy);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('/openapi.json: changed');
    expect(stderr).toContain('/types.ts: missing');
    expect(stderr).toContain('/left-over.ts: extra');
  });
});

function generate(...commandLine: string[]): ReturnType<typeof runScript> {
  return runScript('scripts/generate.ts', commandLine);
}
