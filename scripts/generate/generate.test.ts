import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { makeTemporaryFolder } from '../../conformance/testing/temporary-folder.ts';
import { runScript } from './run-script.ts';

const folder = makeTemporaryFolder();

test('a copy of the contract generates what the contract generates, whatever the name of its folder', async () => {
  const named = join(folder, 'a #b %41 ü');
  await mkdir(named);
  await writeFile(join(named, 'copy.yaml'), await readFile('spec/openapi.yaml'));
  const { exitCode, stdout, stderr } = await generate('--check', '--spec', join(named, 'copy.yaml'));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^generated is what .*copy\.yaml generates\n$/);
});

test('--bundle-only writes the bundle and nothing else', async () => {
  await generate('--out', join(folder, 'generated'), '--bundle-only');
  expect(await readdir(join(folder, 'generated'))).toEqual(['openapi.json']);
});

describe('a contract that is refused is told in a line with its place, and leaves nothing behind:', () => {
  test.each([
    ['no YAML', 'openapi: 3.1.1\ninfo: [\n', /^SPEC:3:1: .*cannot be read/],
    ['no object', 'text\n', /^SPEC: .*cannot be read: Document must be JSON object/],
    [
      'a broken rule',
      'openapi: 3.1.1\ninfo: {title: A, version: "1"}\npaths: {}\n',
      /^SPEC:2:1: .* \(rule info-license\)/m,
    ],
  ])('%s', async (_, content, expected) => {
    const specification = join(folder, 'contract.yaml');
    await writeFile(specification, content);
    const { exitCode, stdout, stderr } = await generate('--spec', specification, '--out', join(folder, 'refused'));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.replaceAll(specification, 'SPEC')).toMatch(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await readdir(folder)).not.toContain('refused');
  });
});

test('each file that differs from what is generated is named, in folders too', async () => {
  const copy = join(folder, 'copy');
  await cp('generated', copy, { recursive: true });
  await appendFile(join(copy, 'openapi.json'), ' ');
  await rm(join(copy, 'client', 'index.ts'));
  await writeFile(join(copy, 'client', '.left-over'), '');
  const { exitCode, stderr } = await generate('--check', '--out', copy);
  expect(exitCode).toBe(1);
  expect(stderr.replaceAll(copy, 'COPY').split('\n').slice(0, -2)).toEqual([
    'COPY/client/.left-over: extra: the contract does not generate it',
    'COPY/client/index.ts: missing: the contract generates it',
    'COPY/openapi.json: changed: it differs from what the contract generates',
  ]);
});

function generate(...commandLine: string[]): ReturnType<typeof runScript> {
  return runScript('scripts/generate.ts', commandLine);
}
