import { createServer, request as requestHttp, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { RunningServer } from '../../../../conformance/mock/listener.ts';
import { listen } from '../listen.ts';

/** A running proxy, with the requests that it received. */
export interface ForwardProxy extends RunningServer {
  /** The request lines, `CONNECT pbx.example:443` for example. */
  readonly requests: readonly string[];
}

/**
 * Starts a proxy for http and https that takes every host name for this machine.
 *
 * @param credentials - The name and password that it demands, `name:password`.
 */
export async function startForwardProxy(credentials?: string): Promise<ForwardProxy> {
  const requests: string[] = [];
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const isAllowed = ({ method, url, headers }: IncomingMessage) => {
    requests.push(`${method} ${url}`);
    return expected === undefined || headers['proxy-authorization'] === expected;
  };
  const server = createServer((incoming, outgoing) => {
    if (!isAllowed(incoming)) return void outgoing.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
    const { host, port } = new URL(incoming.url ?? '');
    const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = incoming.headers;
    const path = (incoming.url ?? '').replace(`http://${host}`, '');
    const forwarded = requestHttp({ host: '127.0.0.1', port, path, method: incoming.method, headers });
    forwarded.on('error', () => outgoing.writeHead(502).end());
    forwarded.on('response', (answer) => {
      answer.pipe(outgoing.writeHead(answer.statusCode ?? 502, answer.headers));
    });
    incoming.pipe(forwarded);
  });
  server.on('connect', (incoming: IncomingMessage, client: Socket) => {
    if (!isAllowed(incoming)) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const origin = connect(Number((incoming.url ?? '').split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(origin).pipe(client);
    });
    origin.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    client.on('error', () => undefined).on('close', () => origin.destroy());
  });
  return { ...(await listen(server)), requests };
}
