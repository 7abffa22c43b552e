import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { RunningServer } from '../../../conformance/mock/listener.ts';

/**
 * Has a server listen on a free port of this machine. Closing it destroys its connections.
 *
 * @param host - The address to listen at.
 */
export async function listen(server: Server, scheme = 'http', host = '127.0.0.1'): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
  });
  await once(server.listen(0, host), 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`, close };
}
