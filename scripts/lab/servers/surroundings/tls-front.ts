import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import type { RunningServer } from '../../../../conformance/mock/listener.ts';

/** A TLS endpoint in front of a server without TLS. */
export interface TlsFront extends RunningServer {
  /** Returns the number of connections so far. */
  connections(): number;
}

/** Starts a TLS endpoint in front of a server without TLS. */
export async function startTlsFront(url: string, options: TlsOptions, host = '127.0.0.1'): Promise<TlsFront> {
  const { hostname, port, pathname } = new URL(url);
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(options, (secure) => {
    connections++;
    const plain = connect(Number(port), hostname);
    for (const socket of [secure, plain]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    secure.pipe(plain).pipe(secure);
  });
  // A client that does not trust the certificate ends the handshake.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const own = (server.address() as AddressInfo).port;
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${own}${pathname.replace(/\/$/, '')}`,
    connections: () => connections,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
