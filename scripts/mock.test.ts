import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { runInProcess } from '../conformance/cli/testing/run-command.ts';
import { makeTemporaryFolder } from '../conformance/testing/temporary-folder.ts';

function start(...options: string[]) {
  const command = spawn(process.execPath, ['scripts/mock.ts', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { out: '', error: '' };
  command.stdout.setEncoding('utf8').on('data', (text: string) => (printed.out += text));
  command.stderr.setEncoding('utf8').on('data', (text: string) => (printed.error += text));
  return { command, printed, ended: once(command, 'close') };
}

/** Waits for the command to print a word that a pattern captures. */
async function printedWord({ command }: ReturnType<typeof start>, pattern: RegExp): Promise<string> {
  for await (const line of createInterface({ input: command.stdout })) {
    const word = pattern.exec(line)?.[1];
    if (word !== undefined) return word;
  }
  throw new Error(`The mock never printed ${pattern}.`);
}

const folder = makeTemporaryFolder();
const document = readFileSync('generated/openapi.json', 'utf8');
writeFileSync(join(folder, 'comma.json'), document.replace(',\n', ',,\n'));
writeFileSync(join(folder, 'cut.json'), '{\n  "openapi":');

describe('one line and exit 2 for', () => {
  test.each([
    ['--port 65536', /^--port: expected a whole number from 0 to 65535, got "65536"\.$/],
    ['--port 0 --host ', /^--host: expected a text that is not empty, got ""\.$/],
    ['--port 0 --token one --token ', /^--token: expected a text that is not empty, got ""\.$/],
    ['--fail 2', /^--fail: expected a number from 0 to 1, got "2"\.$/],
    ['--host 192.0.2.1', /^The mock cannot listen on port 4010 of 192\.0\.2\.1 .*--host\.$/],
    ['--stock --entry', /^Stock Prism does not know --entry: .*$/],
    ['--contract nowhere.json', /^The contract nowhere\.json cannot be read: .*$/],
    ['--contract package.json', /^The contract package\.json is no OpenAPI document.*$/],
    ['--contract FOLDER', /^The contract FOLDER cannot be read: .+\.$/],
    [
      '--contract FOLDER/comma.json',
      /^The contract FOLDER\/comma\.json cannot be read: .+ \(line 2 column \d+\)\. .+$/,
    ],
    ['--contract FOLDER/cut.json', /^The contract FOLDER\/cut\.json cannot be read: .+ \(line 2 column 13\)\. .+$/],
  ])('%s', async (options, line) => {
    const ended = await runInProcess(['mock', ...options.replaceAll('FOLDER', folder).split(' ')]);
    const [first, ...more] = ended.stderr.replaceAll(folder, 'FOLDER').split('\n');
    expect({ ...ended, stderr: first, more }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(line),
      more: [''],
    });
  });

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const stderr = `Port ${port} of 127.0.0.1 is taken: end what listens there, or choose another with --port.\n`;
    expect(await runInProcess(['mock', '--port', String(port)])).toEqual({ exitCode: 2, stdout: '', stderr });
    other.close();
  });
});

test('help tells every option', async () => {
  const { exitCode, stdout } = await runInProcess(['mock', '--help']);
  expect(exitCode).toBe(0);
  const words =
    '--port --host --token --contract --quiet --no-cors --entry --delay --fail --expire --stock 4010 127.0.0.1';
  for (const word of words.split(' ')) expect(stdout).toContain(word);
});

test.each(['SIGINT', 'SIGTERM'] as const)('the mock serves until %s, which ends it cleanly', async (signal) => {
  const running = start('--port', '0', '--token', 'one', '--token', "it's");
  const address = await printedWord(running, /curl '(\S+)'/);
  const answers = await Promise.all(
    ['one', "it's", 'two'].map((token) => fetch(address, { headers: { authorization: `Bearer ${token}` } })),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 401]);
  running.command.kill(signal);
  expect(await running.ended).toEqual([0, null]);
  expect(running.printed.error).toBe('');
  expect(running.printed.out).toContain(
    `GET ${new URL(address).pathname} → 401 access_denied: the token is not accepted\n`,
  );
});

test('the requests that it prints can be pasted into a shell', async () => {
  const running = start('--port', '0', '--quiet', '--token', "it's");
  await printedWord(running, /(Prefer)/);
  const commands = running.printed.out.split('\n').filter((line) => line.startsWith('  curl '));
  expect(commands).toHaveLength(3);
  const shell = `${commands.map((command) => command.replace('curl ', "printf '%s\\n' ")).join(';')}`;
  const words = spawn('sh', ['-c', shell], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: words.stdout })) lines.push(line);
  expect(lines.filter((line) => line === "Authorization: Bearer it's")).toHaveLength(3);
  expect(lines.filter((line) => line.startsWith('http://127.0.0.1:'))).toHaveLength(3);
  expect(JSON.parse(lines.find((line) => line.startsWith('{')) ?? '')).toHaveProperty('sendCallTo');
  running.command.kill('SIGTERM');
  await running.ended;
});

test('the contract is read again when it changes, and stays when it cannot be', async () => {
  const file = join(folder, 'openapi.json');
  writeFileSync(file, document);
  const running = start('--port', '0', '--contract', file);
  const address = await printedWord(running, /curl '(\S+)'/);
  const status = async () => (await fetch(address, { headers: { authorization: 'Bearer any' } })).status;
  expect(await status()).toBe(200);
  writeFileSync(file, '{');
  await expect.poll(() => running.printed.error, { timeout: 10_000 }).toMatch(/cannot be read: .* goes on with/);
  expect(await status()).toBe(200);
  writeFileSync(file, document.replaceAll('/uapi/phoneCalls/', '/uapi/calls/'));
  await expect.poll(() => running.printed.out, { timeout: 10_000 }).toContain('was read again');
  expect(await status()).toBe(501);
  running.command.kill('SIGTERM');
  expect(await running.ended).toEqual([0, null]);
});

test('stock Prism starts, and answers each operation', async () => {
  const running = start('--port', '0', '--stock');
  const address = await printedWord(running, /listening on (\S+)/);
  const calls = '/uapi/phoneCalls/12/0003*210/';
  const headers = { authorization: 'Bearer any', 'content-type': 'application/json', origin: 'http://a.example' };
  const body = JSON.stringify({ action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' });
  for (const [method, path] of [
    ['GET', `${calls}b817d2618fe6f1804333`],
    ['PUT', `${calls}b817d2618fe6f1804333`],
    ['PUT', calls.slice(0, -1)],
  ] as const) {
    const answer = await fetch(`${address}${path}`, { method, headers, body: method === 'PUT' ? body : null });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, 'http://a.example']);
  }
  running.command.kill('SIGTERM');
  expect(await running.ended).toEqual([0, null]);
});
