import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { RunningServer } from '../../../conformance/mock/listener.ts';
import { startConsumingServer } from '../servers/consuming/start.ts';
import { listen } from '../servers/listen.ts';
import { startPlainServer } from '../servers/plain/start.ts';
import { accepting } from '../servers/plain/variations.ts';
import { refusing, writeForms } from './answers.ts';
import { token, type Attack, type AttackedServer } from './attack.ts';

/** Starts a server that is closed with another one. */
async function start(
  answer: RequestListener,
  server: Server = createServer(),
  target?: RunningServer,
): Promise<RunningServer> {
  server.on('request', answer);
  server.on('connect', (incoming, socket) => {
    const authorization = incoming.headers['proxy-authorization'] ?? '';
    socket.end(`HTTP/1.1 407 ${authorization} \u001b]0;PWNED\u0007\r\n\r\n`);
  });
  const { url, close } = await listen(server);
  return { url, close: async () => void (await Promise.all([close(), target?.close()])) };
}

/** Starts a right server, and a module of calls that does what it should not. */
async function startWithCalls(source: string, configure?: (server: Server) => void): Promise<AttackedServer> {
  const server = await startConsumingServer({ tokens: [token], ...(configure && { configure }) });
  const folder = mkdtempSync(join(tmpdir(), 'attack-calls-'));
  const module = join(folder, 'calls.mjs');
  writeFileSync(module, source);
  const close = async () => {
    rmSync(folder, { recursive: true, force: true });
    await server.close();
  };
  return { url: server.url, options: ['--calls', module], close };
}

const call = "{ extension: '0003*210', call: 'b817d2618fe6f1804333', from: '0003*024', number: '0003*210' }";

/** Modules of calls, and how a run with them ends. One that never loads is a test of the command. */
const sources: Readonly<Record<string, readonly [source: string, ends: readonly number[]]>> = {
  'endless-when-placing': [
    'export default { async place({ baseUrl }) { await fetch(baseUrl); for (;;); }, end() {} };',
    [2, 3],
  ],
  'endless-when-ending': [`export default { place: async () => (${call}), end() { for (;;); } };`, [2, 3]],
  'endless-later': [
    `setTimeout(() => { for (;;); }, 1500); export default { place: async () => (${call}), end: async () => {} };`,
    [2, 3],
  ],
  'throws-what-throws': [
    'export default { place() { throw Object.defineProperty({}, "message", { get() { throw 1; } }); }, end() {} };',
    [3],
  ],
  'throws-late': [
    `setTimeout(() => { throw new Error("\\u001b]0;PWNED\\u0007 " + process.env.CONFORMANCE_TOKEN); }, 500); export default { place: async () => (${call}), end: async () => {} };`,
    [2, 3],
  ],
  'throws-10-MB': ["export default { place() { throw new Error('x'.repeat(1e7)); }, end() {} };", [3]],
  exits: ['export default { place() { process.exit(0); }, end() {} };', [2, 3]],
};

const never = 'new Promise(() => setTimeout(() => {}, 1e8))';

/** Modules of calls that keep a run waiting for a minute each time. */
const hanging: Readonly<Record<string, string>> = {
  'hangs-when-placing': `export default { async place({ baseUrl }) { await fetch(baseUrl); return ${never}; }, end() {} };`,
  'hangs-when-ending': `export default { async place({ baseUrl }) { await fetch(baseUrl); return ${call}; }, end: () => ${never} };`,
  'starves-the-loop':
    'export default { async place({ baseUrl }) { await fetch(baseUrl); for (;;) await null; }, end() {} };',
};

const password = 'S3cr-et%P0ss-w0rd';
const fixture =
  '--yes --user 12 --extension 0003*210 --call b817 --send-to 3235742879 --from 0003*024 --number 0003*210';

/** Starts a token endpoint, before a target where there is one. */
async function startWithEndpoint(
  body: () => object,
  status: number,
  secret: string,
  target?: RunningServer,
): Promise<AttackedServer> {
  const endpoint = await start(
    (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body()));
    },
    createServer(),
    target,
  );
  return {
    url: target?.url ?? endpoint.url,
    close: endpoint.close,
    options: ['--client-id', 'app', '--token-url', endpoint.url],
    environment: { CONFORMANCE_CLIENT_SECRET: secret, CONFORMANCE_TOKEN: '' },
    secrets: [secret],
  };
}

const secret = 'client-secret-0123456789';

function makeCallsAttack(name: string, source: string, ends: readonly number[]): Attack {
  return { id: `calls/${name}`, ends, start: (configure) => startWithCalls(source, configure) };
}

/** Attacks by modules of calls that are tried with Ctrl-C alone. */
export const hangingAttacks: readonly Attack[] = Object.entries(hanging).map(([name, source]) => {
  return makeCallsAttack(name, source, [3]);
});

/** The credentials of a proxy, as its header field has them. */
const credentials = Buffer.from(`me:${password}`).toString('base64');

/** Lets a run reach a host that does not exist through a proxy, with credentials. */
function behindProxy<Server extends { readonly url: string }>(proxy: Server, scheme: 'http' | 'https') {
  const address = proxy.url.replace('//', `//me:${encodeURIComponent(password)}@`);
  return {
    ...proxy,
    url: `${scheme}://pbx.example`,
    options: fixture.split(' '),
    environment: { [`${scheme.toUpperCase()}_PROXY`]: address, NO_PROXY: '', no_proxy: '' },
    secrets: [password, credentials],
  };
}

/** Attacks by modules of calls, proxies and token endpoints. */
export const surroundingAttacks: readonly Attack[] = [
  ...Object.entries(sources).map(([name, [source, ends]]) => makeCallsAttack(name, source, ends)),
  {
    // A proxy that refuses with the credentials that it was sent, and with an escape sequence.
    id: 'proxy/echo',
    ends: [2],
    start: async () => {
      const proxy = await start((request, response) => {
        response.writeHead(407, `${request.headers['proxy-authorization']}`).end();
      });
      return behindProxy(proxy, 'https');
    },
  },
  {
    // A proxy that answers itself, by its credentials in every form.
    id: 'proxy/repeats-credentials',
    ends: [1],
    start: async () => {
      const behaviour = refusing([password, credentials].flatMap(writeForms).join(' | '));
      const proxy = await startPlainServer({ behaviour, tokens: [token] });
      return behindProxy(proxy, 'http');
    },
  },
  {
    // A trusted certificate whose name acts on terminals and runners.
    id: 'tls/certificate-name',
    ends: [2],
    start: async () => {
      const name = '\u001b]0;PWNED\u0007\u009b2J\n::stop-commands::x ##[add-mask]a';
      const { cert, private: key } = await generate([{ name: 'commonName', value: name }], { keyType: 'ec' });
      const server = await start((_request, response) => response.end('{}'), createSecureServer({ cert, key }));
      const ca = join(mkdtempSync(join(tmpdir(), 'attack-tls-')), 'ca.pem');
      writeFileSync(ca, cert);
      return { ...server, url: server.url.replace('http://127.0.0.1', 'https://localhost'), options: ['--ca', ca] };
    },
  },
  {
    id: 'token/escape-sequences',
    ends: [2],
    start: () => {
      const description = `\u001b]0;PWNED\u0007${'x'.repeat(60)}${secret}`;
      return startWithEndpoint(() => ({ error: '::error::\u009b2J', error_description: description }), 400, secret);
    },
  },
  {
    // An endpoint that issues a token that has expired, for each request another.
    id: 'token/another-each-time',
    ends: [0, 1, 3],
    start: async () => {
      const isIssued = (value: unknown) => String(value).startsWith('Bearer token-');
      const target = await startPlainServer({ behaviour: accepting('authorization', isIssued) });
      let issued = 0;
      const issue = () => ({ access_token: `token-${++issued}-${'x'.repeat(400)}${issued}`, expires_in: 0.001 });
      return startWithEndpoint(issue, 200, secret, target);
    },
  },
];
