import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const requestsByPort = new Map<number, number>();

/** Begins to count the requests that reach servers of this process. */
export function countRequests(): void {
  subscribe('http.server.request.start', (message) => {
    const port = (message as { socket: Socket }).socket.localPort ?? 0;
    requestsByPort.set(port, (requestsByPort.get(port) ?? 0) + 1);
  });
}

/** The requests that have reached the server of a URL since this was last asked. */
export function takeRequests(url: string): number {
  const port = Number(new URL(url).port);
  const requests = requestsByPort.get(port) ?? 0;
  requestsByPort.delete(port);
  return requests;
}
