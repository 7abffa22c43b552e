import type { Server } from 'node:net';
import { onTestFinished } from 'vitest';
import { startConsumingServer } from '../../scripts/lab/servers/consuming/start.ts';
import { listen } from '../../scripts/lab/servers/listen.ts';
import { startPlainServer } from '../../scripts/lab/servers/plain/start.ts';

/** Closes a server when the test that started it is over, and returns the server. */
export function closeAfterTest<Closable extends { close(): unknown }>(server: Closable): Closable {
  onTestFinished(async () => void (await server.close()));
  return server;
}

/** Starts the plain server for one test. */
export async function servePlain(...options: Parameters<typeof startPlainServer>) {
  return closeAfterTest(await startPlainServer(...options));
}

/** Starts the server that consumes calls for one test. */
export async function serveConsuming(...options: Parameters<typeof startConsumingServer>) {
  return closeAfterTest(await startConsumingServer(...options));
}

/** Has a server listen on a free port of this machine until the test is over, and returns its URL. */
export async function listenForTest(server: Server): Promise<string> {
  return closeAfterTest(await listen(server)).url;
}
