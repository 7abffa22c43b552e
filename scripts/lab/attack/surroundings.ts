import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningServer } from '../../../conformance/mock/listener.ts';
import { startConsumingServer } from '../servers/consuming/start.ts';
import { startPlainServer } from '../servers/plain/start.ts';
import { accepting } from '../servers/plain/variations.ts';
import { token, type Attack, type AttackedServer } from './attack.ts';

/** Starts a server that is closed with another one. */
async function start(answer: RequestListener, target?: RunningServer): Promise<RunningServer> {
  const server = createServer(answer);
  server.on('connect', (incoming, socket) => {
    const authorization = incoming.headers['proxy-authorization'] ?? '';
    socket.end(`HTTP/1.1 407 ${authorization} \u001b]0;PWNED\u0007\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await target?.close();
    },
  };
}

/** Starts a right server, and a module of calls that does what it should not. */
async function startWithCalls(source: string): Promise<AttackedServer> {
  const server = await startConsumingServer({ tokens: [token] });
  const folder = mkdtempSync(join(tmpdir(), 'attack-calls-'));
  const module = join(folder, 'calls.mjs');
  writeFileSync(module, source);
  return {
    url: server.url,
    options: ['--calls', module],
    close: async () => {
      rmSync(folder, { recursive: true, force: true });
      await server.close();
    },
  };
}

const call = "{ extension: '0003*210', call: 'b817d2618fe6f1804333', from: '0003*024', number: '0003*210' }";

/** Modules of calls, and how a run with them ends. */
const sources: Readonly<Record<string, readonly [says: string, source: string, ends: readonly number[]]>> = {
  'endless-when-loaded': ['never comes to an end when it is loaded', 'for (;;);', [2]],
  'endless-when-placing': [
    'never comes to an end when it places a call',
    'export default { place() { for (;;); }, end() {} };',
    [2, 3],
  ],
  'endless-when-ending': [
    'never comes to an end when it ends a call',
    `export default { place: async () => (${call}), end() { for (;;); } };`,
    [2, 3],
  ],
  'endless-later': [
    'keeps its thread busy later',
    `setTimeout(() => { for (;;); }, 1500); export default { place: async () => (${call}), end: async () => {} };`,
    [2, 3],
  ],
  'throws-what-throws': [
    'throws an object whose message throws',
    'export default { place() { throw Object.defineProperty({}, "message", { get() { throw 1; } }); }, end() {} };',
    [3],
  ],
  'throws-late': [
    'throws later, with escape sequences and the token',
    `setTimeout(() => { throw new Error("\\u001b]0;PWNED\\u0007 " + process.env.CONFORMANCE_TOKEN); }, 500); export default { place: async () => (${call}), end: async () => {} };`,
    [2, 3],
  ],
  'throws-10-MB': [
    'throws a message of 10 MB',
    "export default { place() { throw new Error('x'.repeat(1e7)); }, end() {} };",
    [3],
  ],
  exits: ['ends its process', 'export default { place() { process.exit(0); }, end() {} };', [2, 3]],
};

const password = 'S3cr-et%P0ss-w0rd';

export const surroundingAttacks: readonly Attack[] = [
  ...Object.entries(sources).map(([name, [says, source, ends]]): Attack => {
    const isChecked = name === 'endless-when-placing';
    return {
      id: `calls/${name}`,
      says: `The source of calls ${says}.`,
      ends,
      ...(isChecked && { isChecked }),
      start: () => startWithCalls(source),
    };
  }),
  {
    id: 'proxy/echo',
    says: 'A proxy refuses with the credentials that it was sent, and with an escape sequence.',
    ends: [2],
    isChecked: true,
    start: async () => {
      const proxy = await start((request, response) => {
        response.writeHead(407, `${request.headers['proxy-authorization']}`).end();
      });
      return {
        ...proxy,
        url: 'https://pbx.example',
        options:
          '--yes --user 12 --extension 0003*210 --call b817 --send-to 3235742879 --from 0003*024 --number 0003*210'.split(
            ' ',
          ),
        environment: {
          HTTPS_PROXY: proxy.url.replace('//', `//me:${encodeURIComponent(password)}@`),
          NO_PROXY: '',
          no_proxy: '',
        },
        secrets: [password, Buffer.from(`me:${password}`).toString('base64')],
      };
    },
  },
  {
    id: 'token/escape-sequences',
    says: 'The token endpoint repeats the secret of the client, in escape sequences.',
    ends: [2],
    start: async () => {
      const secret = 'client-secret-0123456789';
      const server = await start((_request, response) => {
        const error = `\u001b]0;PWNED\u0007${'x'.repeat(60)}${secret}`;
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: '::error::\u009b2J', error_description: error }));
      });
      return {
        ...server,
        options: ['--client-id', 'app', '--token-url', `${server.url}/token`],
        environment: { CONFORMANCE_CLIENT_SECRET: secret, CONFORMANCE_TOKEN: '' },
        secrets: [secret],
      };
    },
  },
  {
    id: 'token/another-each-time',
    says: 'The token endpoint issues a token that has expired, for each request another.',
    ends: [0, 1, 3],
    start: async () => {
      let issued = 0;
      const target = await startPlainServer({
        behaviour: accepting('authorization', (value) => String(value).startsWith('Bearer token-')),
      });
      const endpoint = await start((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({ access_token: `token-${++issued}-${'x'.repeat(400)}${issued}`, expires_in: 0.001 }),
        );
      }, target);
      return {
        url: target.url,
        close: endpoint.close,
        options: ['--client-id', 'app', '--token-url', endpoint.url],
        environment: { CONFORMANCE_CLIENT_SECRET: 'client-secret-0123456789', CONFORMANCE_TOKEN: '' },
      };
    },
  },
  {
    id: 'token/endless',
    says: 'The answer of the token endpoint never ends.',
    ends: [2],
    start: async () => {
      const server = await start((_request, response) => {
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(100_000)));
        };
        response.on('drain', more);
        more();
      });
      return {
        ...server,
        options: ['--client-id', 'app', '--token-url', server.url],
        environment: { CONFORMANCE_CLIENT_SECRET: 'client-secret-0123456789', CONFORMANCE_TOKEN: '' },
      };
    },
  },
];
