import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

test('a copy of the contract generates what the contract generates', async () => {
  await writeFile(join(folder, 'copy.yaml'), await readFile('spec/openapi.yaml'));
  const { exitCode, stderr } = await generate('--spec', join(folder, 'copy.yaml'), '--out', join(folder, 'generated'));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(await compareFolders(join(folder, 'generated'), 'generated')).toEqual([]);
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

test('an unknown option is named, with the usage', async () => {
  const { exitCode, stderr } = await generate('--frobnicate');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^Unknown option '--frobnicate'.* Usage: npm run generate .*\n$/);
});

function generate(...commandLine: string[]): ReturnType<typeof runScript> {
  return runScript('scripts/generate.ts', commandLine);
}
