import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { readContract } from '../contract/contract.ts';
import { startMock } from '../mock/mock.ts';
import { runInProcess, startShell } from './testing/run-command.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { listenForTest, servePlain } from '../testing/servers.ts';

const folder = makeTemporaryFolder();
beforeAll(async () => {
  await writeFile(join(folder, 'file'), '');
});

/** Runs the command in this process. */
function conformance(...options: string[]) {
  return runInProcess(options.map((option) => option.replace('FOLDER', folder)));
}

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

describe('one line and exit 2 for', () => {
  test.each([
    ['a pattern that no case matches', ['--only', 'nothing-matches'], /^--only nothing-matches: matches no case\. See/],
    ['what is no URL', ['pbx'], /^The target pbx is no URL: expected one like .*\n$/],
    ['a port where nothing listens', ['http://127.0.0.1:1'], /^Nothing was verified: .* \(ECONNREFUSED\).*\n$/],
    [
      'a token without a URL',
      ['--token', 't'],
      /^--token names a token for a server: name its URL; the mock needs none/,
    ],
    ['a file without a URL', ['--token-file', 'f'], /^--token-file names a token for a server: name its URL; the mock/],
    ['a report folder that is a file', ['--report', 'FOLDER/file'], /^The report folder .*file cannot be made: EEXIST/],
    ['no source of calls', ['--calls', 'FOLDER/c.mjs'], /^--calls .*c\.mjs is no file: expected a module, or voipnow/],
  ])('%s', async (_, options, line) => {
    const { exitCode, stdout, stderr } = await conformance(...options);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(line);
  });

  test('a job without a URL, as an unset variable leaves it', async () => {
    const { exitCode, stderr } = await runInProcess([], { CI: 'true' });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^No URL is named, and a job checks a server: name it, .*\n$/);
  });
});

describe('a run', () => {
  test('goes on when its reader has seen enough', async () => {
    const pipe = '"$0" scripts/conformance.ts --list | true; exit "${PIPESTATUS[0]}"';
    expect(await startShell(pipe).ended).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  test('against another host sends nothing that could ring a telephone, and says what is missing', async () => {
    const { exitCode, stdout } = await conformance('http://telephone.example');
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^Unreached: the fixture lacks --user, --extension, --call, --send-to, --from, --number: /m);
    expect(stdout).toMatch(/: \d+ cases in \S+ s; \d+ unreached, \d+ not applicable$/m);
    expect(lastLine(stdout)).toMatch(/^Verdict: incomplete; not verified: .* and \d+ others$/);
  });

  test('against a server that accepts everything tells the sentence, what was sent, expected and came', async () => {
    const server = await startYesServer();
    const { exitCode, stdout } = await conformance(
      server.url,
      '--only',
      'body/sendCallTo/missing',
      '--only',
      'transfer/plain',
    );
    expect(exitCode).toBe(1);
    const block = stdout.slice(stdout.indexOf('VIOLATED body/send-call-to-missing'));
    expect(block.split('\n').slice(0, 15)).toEqual([
      'VIOLATED body/send-call-to-missing (MUST): 1 case',
      '  A request without sendCallTo is refused with 400 and pc_sendcallto_invalid.',
      '  source    page, Response, Failure',
      expect.stringMatching(/^ {2}contract {2}spec\/openapi\.yaml:\d+$/),
      '            /components/schemas/PhoneCallAction/properties/sendCallTo',
      '',
      '  case      body/sendCallTo/missing: refuses a transfer whose sendCallTo is',
      '            broken: missing',
      '  sent      PUT /uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333',
      '            a valid transfer, but without "sendCallTo"',
      '  expected  status: 400 pc_sendcallto_invalid',
      '  actual    status: 200',
      expect.stringMatching(/^ {2}answer {4}200, application\/json, \{"id":"b817d2618fe6f1804333",/),
      '            "extension":"0003*210"}',
      '  hint      Perhaps the property is not required, or has a default.',
    ]);
    expect(lastLine(stdout)).toBe('Verdict: not conforming');
  });

  test('finds a server below a path, with its token from the environment, and shows it nowhere', async () => {
    const token = 'pr00f-t0ken';
    const server = await servePlain({ tokens: [token], mountedAt: '/api/v1' });
    const { exitCode, stdout, stderr } = await runInProcess(
      [`${server.url}/`, '--only', 'transfer/plain', '--only', 'authorization', '--report', join(folder, 'below')],
      { CONFORMANCE_TOKEN: token },
    );
    expect({ exitCode, verdict: lastLine(stdout) }).toEqual({
      exitCode: 0,
      verdict: expect.stringMatching(/^Verdict: conforming/),
    });
    const written = await Promise.all(
      ['report.json', 'junit.xml'].map((file) => readFile(join(folder, 'below', file), 'utf8')),
    );
    expect([stdout, stderr, ...written].join('\n')).not.toContain(token);
  });
});

describe('options for everyday use', () => {
  /** Lets only requests with a header through to a server that is right. */
  function startGateway(name: string, value: string) {
    const configure = (listener: Server) => {
      const [answer] = listener.listeners('request') as RequestListener[];
      listener.removeAllListeners('request').on('request', (request, response) => {
        if (request.headers[name] !== value) return void response.writeHead(403).end();
        if (name === 'authorization') request.headers.authorization = 'Bearer token';
        answer?.(request, response);
      });
    };
    return servePlain({ tokens: ['token'], configure });
  }

  const credentials = Buffer.from('user:pass-w0rd').toString('base64');
  test.each([
    ['X-Api-Key: $SECRET', 'k3y-of-the-gateway', 'k3y-of-the-gateway'],
    ['Authorization: Basic $SECRET', credentials, `Basic ${credentials}`],
  ])('--header %s passes a gateway, and is shown nowhere', async (field, secret, value) => {
    const name = field.split(':')[0]?.toLowerCase() ?? '';
    const server = await startGateway(name, value);
    const report = join(folder, name);
    const words = [server.url, '--header', field, '--only', 'transfer/plain', '--verbose', '--report', report];
    const { exitCode, stdout, stderr } = await runInProcess(words, { SECRET: secret });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^PASS transfer\/plain: [^]*^ {2}sent {6}PUT /m);
    const files = await Promise.all((await readdir(report)).map((file) => readFile(join(report, file), 'utf8')));
    const texts = [stdout, ...files].join('\n');
    for (const hidden of [secret, 'pass-w0rd']) expect(texts).not.toContain(hidden);
    expect(texts).toContain(`$CONFORMANCE_HEADER_${name.toUpperCase().replaceAll('-', '_')}`);
  });

  test('--bail ends a run after failed cases, and --last-failed runs those again', async () => {
    const server = await startYesServer();
    const report = ['--report', join(folder, 'failed')];
    const bailed = await conformance(server.url, '--only', 'body/sendCallTo', '--bail', '1', ...report);
    const again = await conformance(server.url, '--last-failed', ...report);
    expect(bailed.stdout).toMatch(
      /^Remark: the run was ended after failed cases: 1, as --bail has it, and cases left/m,
    );
    expect([bailed.exitCode, again.exitCode]).toEqual([1, 1]);
    const [failed] = / \d+ fail/.exec(bailed.stdout) ?? ['none'];
    expect(again.stdout).toContain(failed);
    expect(again.stdout).not.toMatch(/unreached$/m);
  });

  test.each([
    [[], '--last-failed reads the last report: say where it is with --report DIR.'],
    [['--report', 'FOLDER', '--only', 'body'], '--last-failed and --only exclude each other: name one of them.'],
    [['--report', 'FOLDER/none'], 'The report FOLDER/none/report.json cannot be read: ENOENT'],
  ])('--last-failed with %j is refused', async (options, line) => {
    const { exitCode, stderr } = await conformance('--last-failed', ...options);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(line.replace('FOLDER', folder));
  });

  test('--wait lasts until the server listens, and a host with a port is a URL', async () => {
    const first = await servePlain({ tokens: ['token'] });
    const { port } = new URL(first.url);
    await first.close();
    const late = sleep(600).then(() => startMock({ contract: readContract(), port: Number(port) }));
    const { exitCode } = await conformance(`127.0.0.1:${port}`, '--wait', '60', '--only', 'transfer/plain');
    await (await late).close();
    expect(exitCode).toBe(0);
  });

  test('.env has variables, and the environment wins over it', async () => {
    await writeFile(
      join(folder, '.env'),
      '\uFEFFCONFORMANCE_URL=http://127.0.0.1:1\r\nexport CONFORMANCE_ONLY=body # x\r\n',
    );
    const refused = await runInProcess([], {}, folder);
    expect(refused.stderr).toContain('http://127.0.0.1:1 cannot be reached');
    const { stderr } = await runInProcess(['--list'], { CONFORMANCE_ONLY: 'nowhere' }, folder);
    expect(stderr).toMatch(/^--only nowhere: matches no case/);
    await writeFile(join(folder, '.env'), '\nCONFORMANCE_URL: http://127.0.0.1:1\n');
    expect((await runInProcess([], {}, folder)).stderr).toBe('.env:2: expected CONFORMANCE_URL=VALUE.\n');
    await writeFile(
      join(folder, '.env'),
      'OTHER="a\nb"\nCONFORMANCE_TOKEN="s3cret\nCONFORMANCE_URL=http://127.0.0.1:1\n',
    );
    expect((await runInProcess([], {}, folder)).stderr).toBe(
      '.env:3: CONFORMANCE_TOKEN begins with ", and nothing closes it: add " at its end.\n',
    );
  });
});

/** A server that answers 200 and a PhoneCall, whatever it is asked. */
async function startYesServer() {
  const server = createServer((request: IncomingMessage, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: request.url?.split('/').at(-1), extension: '0003*210' }));
    });
  });
  return { url: await listenForTest(server) };
}
