import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readContract } from '../../conformance/contract/contract.ts';
import { valueAt, type JsonObject } from '../../conformance/contract/json.ts';
import { buildConformance } from './build-conformance.ts';
import { generateTypes } from '../generate/generate.ts';
import { buildPackage } from './build.ts';
import { compile, freshProject, pack, repositoryFolder, runCommandIn, type Tarball } from './install.ts';
import { printedByTheConsumer, weighBundle, withMock, withoutEval } from './steps.ts';

const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

let folder: string;
let tarball: Tarball;
let project: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
  await buildPackage();
  tarball = await pack(repositoryFolder, folder);
  project = await freshProject(join(folder, 'project'), tarball.file);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the tarball has what is meant for consumers, in less than 60 kB', () => {
  expect(tarball.size).toBeLessThan(60_000);
  const declarations = tarball.paths.filter((path) => path.startsWith('dist/types/'));
  expect(declarations).toContain('dist/types/generated/client/index.d.ts');
  expect(tarball.paths.filter((path) => !declarations.includes(path)).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/index.js',
    'dist/index.js.map',
    'dist/types.cjs',
    'dist/types.d.cts',
    'dist/validators.d.ts',
    'dist/validators.js',
    'generated/openapi.json',
    'generated/requirements.json',
    'package.json',
    'spec/openapi.yaml',
  ]);
});

test('nothing that is built names a place of this machine', async () => {
  for (const path of tarball.paths) {
    const text = await readFile(join(project, 'node_modules/transfer-contract', path), 'utf8');
    expect([path, text.includes(process.cwd())]).toEqual([path, false]);
  }
});

test('a consumer compiles, and runs against the mock, where eval is not allowed', async () => {
  const files = ['transfer.ts', 'types-only.cts'];
  await compile(project, { compiler, moduleResolution: 'nodenext', files, out: 'out' });
  const consumer = ['node', withoutEval, 'out/transfer.js'] as const;
  const printed = await withMock((url) => runCommandIn(project, consumer, { BASE_URL: url }));
  expect(printed.trimEnd().split('\n')).toEqual(printedByTheConsumer);
  expect(await runCommandIn(project, ['node', 'out/types-only.cjs'])).toBe('3 token_expired 0\n');
});

describe('when the contract changes, a consumer', () => {
  const action = '/components/schemas/PhoneCallAction';

  async function compileWith(change: (schema: JsonObject) => void): Promise<void> {
    const document = structuredClone(readContract().document);
    change(valueAt(document, action) as JsonObject);
    const changed = join(folder, 'changed');
    await rm(changed, { recursive: true, force: true });
    await cp(project, changed, { recursive: true });
    const types = join(changed, 'node_modules/transfer-contract/dist/types.d.cts');
    await writeFile(types, await generateTypes(document));
    await compile(changed, { compiler, moduleResolution: 'nodenext', files: ['transfer.ts'], out: 'changed' });
  }

  test('still compiles if the change is compatible', async () => {
    const add = ({ properties }: JsonObject): void => {
      Object.assign(properties as JsonObject, { note: { type: 'string' } });
    };
    await expect(compileWith(add)).resolves.toBeUndefined();
  });

  test('no longer compiles if it has to send something else', async () => {
    const rename = ({ properties, required }: JsonObject): void => {
      const { sendCallTo, ...others } = properties as JsonObject;
      Object.assign(properties as JsonObject, others, { destination: sendCallTo });
      (required as string[]).push('destination');
    };
    await expect(compileWith(rename)).rejects.toThrow(
      /transfer\.ts\(\d+,\d+\): error TS2345: [\s\S]*'destination' is missing/,
    );
  });
});

test('the contract and the register are there', async () => {
  const { document } = readContract();
  const { title, version } = document.info as { title: string; version: string };
  expect(await runCommandIn(project, ['node', 'documents.mjs'])).toBe(
    `${title} ${version} true true\nundefined undefined true\n`,
  );
  expect(version).toBe(tarball.version);
});

test('a consumer that only transfers ships less than 5 kB, and validation less than 8 kB', async () => {
  expect((await weighBundle(project, 'only-transfers.ts')).gzip).toBeLessThan(5000);
  expect((await weighBundle(project, 'only-validates.ts')).gzip).toBeLessThan(8000);
});

test('the runner works from where it is built, without the repository', async () => {
  const built = join(folder, 'transfer-conformance');
  await buildConformance(built);
  await symlink(join(process.cwd(), 'node_modules'), join(built, 'node_modules'), 'dir');
  const printed = await runCommandIn(built, ['node', 'bin.js', '--only', 'transfer/*']);
  expect(printed).toContain('Verdict: conforming');
});
