import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readContract } from '../../conformance/contract/contract.ts';
import { valueAt, type JsonObject } from '../../conformance/contract/json.ts';
import { listenForTest } from '../../conformance/testing/servers.ts';
import type { createTransferClient, RequestOptions, Validation } from '../generate/client/index.ts';
import { buildConformance } from './build-conformance.ts';
import { generateTypes } from '../generate/generate.ts';
import { buildPackage, stagePackage } from './build.ts';
import { compile, freshProject, pack, runCommandIn, type Tarball } from './install.ts';
import { printedByTheConsumer, withoutEval } from './steps.ts';
import { withMock } from './workplace.ts';

const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

let folder: string;
let tarball: Tarball;
let project: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
  await buildPackage();
  await stagePackage(join(folder, 'staged'));
  tarball = await pack(join(folder, 'staged'), folder);
  project = await freshProject(join(folder, 'project'), tarball.file);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the tarball has what is meant for consumers, in less than 80 kB', () => {
  expect(tarball.size).toBeLessThan(80_000);
  const declarations = tarball.paths.filter((path) => path.startsWith('dist/types/'));
  expect(declarations).toContain('dist/types/generated/client/index.d.cts');
  expect(tarball.paths.filter((path) => !declarations.includes(path)).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/index.cjs',
    'dist/index.d.cts',
    'dist/index.d.ts',
    'dist/index.js',
    'dist/types.cjs',
    'dist/types.d.cts',
    'dist/validators.cjs',
    'dist/validators.d.cts',
    'dist/validators.d.ts',
    'dist/validators.js',
    'generated/openapi-3.0.json',
    'generated/openapi.json',
    'generated/openapi.plain.json',
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
  const files = ['transfer.ts', 'types-only.cts', 'commonjs.cts'];
  await compile(project, { compiler, files, out: 'out' });
  const consumer = ['node', withoutEval, 'out/transfer.js'] as const;
  const printed = await withMock((url) => runCommandIn(project, consumer, { BASE_URL: url }));
  expect(printed.trimEnd().split('\n')).toEqual(printedByTheConsumer);
  const byRequire = await withMock((url) => runCommandIn(project, ['node', 'out/commonjs.cjs'], { BASE_URL: url }));
  expect(byRequire).toBe('moved b817d2618fe6f1804333 true 0\n');
  expect(await runCommandIn(project, ['node', 'out/types-only.cjs'])).toBe('3 token_expired 0\n');
});

test('the code on its page compiles, word for word', async () => {
  const page = await readFile(join(project, 'node_modules/transfer-contract/README.md'), 'utf8');
  const given =
    'declare const process: { env: Record<string, string | undefined> };\ndeclare const clientId: string, clientSecret: string;\n';
  const blocks = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
  // The others need further packages: the steps of the check have them.
  const own = blocks.filter((code) => !/from '(?!transfer-contract')|mock/.test(code));
  const files = own.map((_, index) => `page-${index}.ts`);
  await Promise.all(files.map((file, index) => writeFile(join(project, file), `${given}${own[index]}`)));
  await compile(project, { compiler, files, out: 'page-code' });
  expect(files).toHaveLength(2);
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
    await compile(changed, { compiler, files: ['transfer.ts'], out: 'changed' });
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

test('its page is one for those who install it, and its manifest says where it comes from', async () => {
  const read = (path: string): Promise<string> =>
    readFile(join(project, 'node_modules/transfer-contract', path), 'utf8');
  expect(await read('README.md')).toMatch(/^# transfer-contract\n/);
  const manifest = JSON.parse(await read('package.json')) as Record<string, unknown>;
  expect(Object.keys(manifest)).toEqual(expect.arrayContaining(['repository', 'homepage', 'bugs', 'main', 'exports']));
  expect(manifest).not.toHaveProperty('devDependencies');
});

test('every exported name has a docstring, and so has every member of an answer', async () => {
  const entry = join(project, 'node_modules/transfer-contract/dist/index.d.ts');
  const program = ts.createProgram([entry], { module: ts.ModuleKind.NodeNext, strict: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const symbol = source && checker.getSymbolAtLocation(source);
  const exported = symbol ? checker.getExportsOfModule(symbol) : [];
  const isSilent = (named: ts.Symbol): boolean => named.getDocumentationComment(checker).length === 0;
  const original = (named: ts.Symbol): ts.Symbol =>
    named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named;
  expect(exported.length).toBeGreaterThan(40);
  expect(exported.filter((named) => isSilent(original(named))).map(({ name }) => name)).toEqual([]);
  const answers = exported.filter(({ name }) => ['Success', 'EmptySuccess', 'Refusal'].includes(name));
  const members = answers.flatMap((named) => checker.getDeclaredTypeOfSymbol(original(named)).getProperties());
  expect(members.length).toBe(15);
  expect(members.filter(isSilent).map(({ name }) => name)).toEqual([]);
});

test('no failure resolves where fetch is that of another realm', async () => {
  const code = await readFile(join(project, 'node_modules/transfer-contract/dist/index.cjs'), 'utf8');
  const { setTimeout, clearTimeout, Headers, Request, URL, fetch, AbortController } = globalThis;
  const exports: { createTransferClient?: typeof createTransferClient } = {};
  const platform = { setTimeout, clearTimeout, Headers, Request, URL, fetch, AbortController, exports };
  runInNewContext(code, { ...platform, globalThis: platform });
  let isCut = false;
  const server = createServer((_, response) => {
    response.writeHead(200).write('{"id":', () => isCut && response.destroy());
  });
  const baseUrl = await listenForTest(server);
  const client = exports.createTransferClient?.({ baseUrl, token: 'token' });
  const transfer = (options: RequestOptions) =>
    client?.transferPhoneCall({ extension: '1', phoneCallId: 'a', sendCallTo: '1', transferFromNumber: '2' }, options);
  await expect(transfer({ timeout: 200 })).rejects.toMatchObject({ name: 'TimedOutError' });
  await expect(transfer({ signal: AbortSignal.timeout(50) })).rejects.toHaveProperty('name', 'TimeoutError');
  isCut = true;
  await expect(transfer({})).rejects.toMatchObject({ name: 'NetworkError' });
});

test('an answer with a hundred thousand problems is judged in seconds, and some of them are told', async () => {
  const validators = createRequire(join(project, 'package.json'))('transfer-contract/validators') as Validation;
  const start = performance.now();
  const entry = Array.from({ length: 100_000 }, () => ({}));
  const problems = validators.answerProblems('getPhoneCall', 200, { id: 'a', phoneCallView: entry, entry });
  expect(problems).toHaveLength(21);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test('the runner works from where it is built, without the repository', async () => {
  const built = join(folder, 'transfer-conformance');
  await buildConformance(built);
  await symlink(join(process.cwd(), 'node_modules'), join(built, 'node_modules'), 'dir');
  const printed = await runCommandIn(built, ['node', 'bin.js', '--only', 'transfer/*'], { CI: '' });
  expect(printed).toContain('Verdict: conforming');
  const refused = runCommandIn(built, ['node', 'bin.js', 'mock', '--contract', 'package.json']);
  await expect(refused).rejects.toThrow(
    /is no OpenAPI document: .* Name an OpenAPI document that is bundled as JSON\.$/,
  );
});
