import { connect } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import type { RunningServer } from '../../../../conformance/mock/listener.ts';
import { listen } from '../listen.ts';

/** A TLS endpoint in front of a server without TLS. */
export interface TlsFront extends RunningServer {
  /** Returns the number of connections so far. */
  connections(): number;
}

/** Starts a TLS endpoint in front of a server without TLS. */
export async function startTlsFront(url: string, options: TlsOptions, host = '127.0.0.1'): Promise<TlsFront> {
  const { hostname, port, pathname } = new URL(url);
  let connections = 0;
  const server = createServer(options, (secure) => {
    connections++;
    const plain = connect(Number(port), hostname);
    secure.on('error', () => secure.destroy()).on('close', () => plain.destroy());
    plain.on('error', () => plain.destroy()).on('close', () => secure.destroy());
    secure.pipe(plain).pipe(secure);
  });
  // A client that does not trust the certificate ends the handshake.
  server.on('tlsClientError', () => undefined);
  const { url: own, close } = await listen(server, 'https', host);
  return { url: `${own}${pathname.replace(/\/$/, '')}`, connections: () => connections, close };
}
