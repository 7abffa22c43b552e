import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { parseConfiguration } from './configuration.ts';
import { defaultOptions } from './options.ts';
import { readOptions } from './read-options.ts';
import { runInProcess } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { servePlain } from '../testing/servers.ts';

const repository = process.cwd();
const oneCase = ['--only', 'transfer/plain'];

const root = makeTemporaryFolder();

let folders = 0;

/** A folder that holds these files. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, String((folders += 1)));
  await mkdir(join(folder, 'below'), { recursive: true });
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
  return folder;
}

const secret = 's3cret-in-a-file';

describe('one line for', () => {
  test.each<[configuration: unknown, line: string]>([
    [{ timeout: 'fast' }, ', timeout: expected a whole number from 1 to 600000, got "fast".'],
    [{ fuzz: '5' }, ', fuzz: expected a whole number from 0 to 1000000, got "5".'],
    [{ strict: 'no' }, ', strict: expected true or false, got "no".'],
    [{ only: 'body' }, ', only: expected a list, each a text that is not empty, got "body".'],
    [{ profile: ['core', 'x'] }, ', profile[1]: expected core or bulk, got "x".'],
    [{ report: () => 5 }, ', report: expected a path, got a function.'],
    [{ fixture: { user: 12 } }, ', fixture.user: expected a text that is not empty, got 12: put quotes around it.'],
    [{ fixture: null }, ', fixture: expected an object of options, got null.'],
    [{ fixture: new Set() }, ', fixture: expected an object of options, got an object of class Set.'],
    [{ url: 'pbx' }, ', url: The target pbx is no URL: expected one like http://127.0.0.1:4010 or https://host/path.'],
    [{ header: ['X-HTTP-Method: DELETE'] }, ', header: X-HTTP-Method could make another request of what the suite'],
    [{ timeOut: 5 }, ': unknown key timeOut: did you mean timeout?'],
    [{ 'send-to': [] }, ': unknown key send-to: did you mean fixture.sendTo?'],
    [{ fixture: { form: '1' } }, ', fixture: unknown key form: did you mean fixture.from?'],
    [JSON.parse('{ "__proto__": { "url": "http://h" } }'), ': unknown key __proto__.'],
    [{ list: true }, ', list: it is for the command line only.'],
    [{ token: secret }, ', token: a secret must not stand in a file: set CONFORMANCE_TOKEN in the environment.'],
    [
      { clientSecret: secret },
      ', clientSecret: a secret must not stand in a file: set CONFORMANCE_CLIENT_SECRET in the',
    ],
    [[], ': expected an object of options, got a list.'],
    [() => ({}), ': expected an object of options, got a function.'],
    [Promise.resolve({}), ': expected an object of options, got a promise: await it.'],
    [new Map(), ': expected an object of options, got an object of class Map.'],
    [Object.create({}), ': expected an object of options, got an object with a prototype of its own.'],
  ])('%j: …%s', (configuration, line) => {
    expect(() => parseConfiguration(configuration, 'a.ts')).toThrow(`a.ts${line}`);
    expect(() => parseConfiguration(configuration, 'a.ts')).not.toThrow(secret);
  });
});

const unfinished = ' cannot be loaded: it ended, or waits for what never comes, before it exported anything.';
const nested = ' has brackets that are nested more than 100 deep: no configuration has.';

describe('one line and exit 2 for', () => {
  test.each([
    [
      'a bad number',
      'mts',
      'export default { timeout: "fast" };',
      ', timeout: expected a whole number from 1 to 600000',
    ],
    ['a bad number', 'json', '{ "timeout": "fast" }', ', timeout: expected a whole number from 1 to 600000'],
    ['a bad number', 'yml', 'timeout: fast\n', ', timeout: expected a whole number from 1 to 600000'],
    ['a function', 'js', 'module.exports = { report: () => 5 };', ', report: expected a path, got a function.'],
    ['a module that throws', 'ts', '\nthrow new Error("boom\\nand more");', ' cannot be loaded: boom (line 2)'],
    ['a module that throws nothing', 'mjs', 'throw undefined;', ' cannot be loaded: undefined'],
    ['a syntax error', 'ts', '\nexport default { timeout: ', ' cannot be loaded: Expression expected (line 2)'],
    ['no default export', 'ts', 'export const a = 1;', ' has no default export: expected export default defineConfig('],
    ['a module that waits for what never comes', 'ts', 'await new Promise(() => {});', unfinished],
    ['a module that ends its process', 'ts', 'process.exit(0);', unfinished],
    ['a module that never ends', 'ts', 'for (;;);', ' cannot be loaded: it is not done after 10 seconds.'],
    ['JSON that is broken', 'json', '{\n  "timeout": fast\n}', ':2:14: this is no JSON: Invalid symbol'],
    ['JSON with a comma too many', 'json', '{\n  "timeout": 5,\n}', ':3:1: this is no JSON: Property name expected'],
    [
      'YAML that is broken',
      'yaml',
      'timeout: [5\n',
      ':2:1: this is not YAML: Flow sequence in block collection must be',
    ],
    ['brackets without end', 'json', '['.repeat(200_000), nested],
    ['brackets without end', 'yaml', '['.repeat(200_000), nested],
    ['an empty file', 'json', '', ':1:1: this is no JSON: Value expected'],
    ['JSON with a name twice', 'json', '{"timeout": 5,\n"timeout": 6}', ':2:1: timeout is there twice.'],
  ])('%s', async (_, extension, content, line) => {
    const file = `conformance.config.${extension}`;
    const { exitCode, stdout, stderr } = await runInProcess([], {}, await folderOf({ [file]: content }));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.slice(0, file.length + line.length)).toBe(`${file}${line}`);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  test.each([
    ['a file that is not there', 'no.json', /^The configuration file no\.json cannot be read: ENOENT: .*\n$/],
    ['a folder', 'below.json', /^The configuration file below\.json cannot be read: .*\n$/],
    ['a file of another kind', 'a.toml', /^--config: expected a file that ends in .*, or \.yml, got a\.toml\.\n$/],
  ])('%s', async (_, file, line) => {
    const { exitCode, stderr } = await runInProcess(['--config', file], {}, await folderOf({ 'a.toml': '' }));
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(line) });
  });

  test('a value that is wrong beside others, with its place', async () => {
    const folder = await folderOf({ 'conformance.config.json': '{ "seed": 5, "open": true, "report": "r" }' });
    const { exitCode, stderr } = await runInProcess(['--quiet'], {}, folder);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        '--seed 5 generates nothing by itself: say how many values with --fuzz N. (seed of conformance.config.json)\n',
    });
  });

  test('two files in one folder', async () => {
    const folder = await folderOf({ 'conformance.config.ts': '', 'conformance.config.json': '{}' });
    const { exitCode, stderr } = await runInProcess([], {}, folder);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        'conformance.config.ts and conformance.config.json are both here: keep one of them, or name one with --config.\n',
    });
  });
});

describe('a configuration', () => {
  test('names the target, its call and the reports, relative to itself', async () => {
    const server = await servePlain({ tokens: ['t0ken'] });
    const folder = await folderOf({
      'below/pbx.config.ts': `
        import { defineConfig } from '${join(repository, 'conformance/cli/config.ts')}';
        export default defineConfig({ url: '${server.url}', fixture: { user: '@me' }, only: ['transfer/plain'], report: 'report' });
        setInterval(() => {}, 1000);`,
    });
    const options = ['--config', 'below/pbx.config.ts'];
    const { exitCode, stdout } = await runInProcess(options, { CONFORMANCE_TOKEN: 't0ken' }, folder);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^Configuration: below\/pbx\.config\.ts\n/),
    });
    const report = await readFile(join(folder, 'below/report/report.json'), 'utf8');
    expect(report).toContain('/uapi/phoneCalls/@me/');
  });

  test('yields to flags', async () => {
    const folder = await folderOf({
      'conformance.config.json': '{ "url": "http://telephone.example", "strict": true, "only": ["nothing"] }',
    });
    const server = await servePlain({ tokens: ['t0ken'] });
    const options = [server.url, '--token', 't0ken', '--no-strict', ...oneCase];
    const { exitCode, stdout } = await runInProcess(options, {}, folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining(`${server.url}: `) });
  });

  test('yields to a token of the environment', async () => {
    const server = await servePlain({ tokens: ['t0ken'] });
    const folder = await folderOf({
      'conformance.config.json': JSON.stringify({ url: server.url, clientId: 'app', only: ['transfer/plain'] }),
    });
    const { exitCode } = await runInProcess([], { CONFORMANCE_TOKEN: 't0ken' }, folder);
    const withoutToken = await runInProcess([], {}, folder);
    expect(exitCode).toBe(0);
    expect(withoutToken).toMatchObject({
      exitCode: 2,
      stderr:
        "--client-id app needs the client's secret in CONFORMANCE_CLIENT_SECRET. (clientId of conformance.config.json)\n",
    });
  });

  test('is left out by --no-config', async () => {
    const folder = await folderOf({ 'conformance.config.json': '{ "timeout": "fast" }' });
    const { exitCode, stdout } = await runInProcess(['--no-config', ...oneCase], {}, folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('The mock: ') });
  });
});

describe('a way to a token', () => {
  const options = { clientId: 'app', tokenUrl: 'https://h/token', strict: true };
  const environment = { CONFORMANCE_TOKEN: 'T' };

  test.each([
    ['is that of the file', {}, {}, options],
    ['is the token of the command line', { token: 'T' }, {}, { strict: true, token: 'T' }],
    ['is the token of the environment', {}, environment, { strict: true }],
    ['is the client of the command line', { clientId: 'b' }, environment, { clientId: 'b', strict: true }],
  ])('%s', async (_, named, variables, expected) => {
    const folder = await folderOf({ 'a.json': JSON.stringify(options) });
    const config = join(folder, 'a.json');
    const { options: merged } = await readOptions({ config, ...named }, variables);
    expect(merged).toEqual({ ...defaultOptions, config, ...expected });
  });
});

test('a path is relative to its file, and standard input is none', () => {
  const { tokenFile, known } = parseConfiguration({ tokenFile: 'token', known: '-' }, 'below/conformance.config.ts');
  expect({ tokenFile, known }).toEqual({ tokenFile: join('below', 'token'), known: join('below', '-') });
  expect(parseConfiguration({ tokenFile: '-' }, 'below/conformance.config.ts')).toEqual({ tokenFile: '-' });
});

test('YAML names options, with the schema', async () => {
  const content = '# yaml-language-server: $schema=x\n$schema: x\nonly: [body]\nfixture: { user: "12" }\n';
  const folder = await folderOf({ 'a.yaml': content });
  const { options } = await readOptions({ config: join(folder, 'a.yaml') }, {});
  expect(options).toMatchObject({ only: ['body'], user: '12' });
});

test('the address of a schema is a key', () => {
  expect(parseConfiguration({ $schema: 'generated/config.schema.json', strict: true }, 'a.json')).toEqual({
    strict: true,
  });
});
