import { fork } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { ServedRequests, ServerMessage } from './messages.ts';

/** A plain server in a process of its own. */
export interface PlainServer {
  readonly url: string;
  ask(message: ServerMessage): Promise<ServedRequests>;
  close(): Promise<void>;
}

/** The token of the fixtures of peers, which the suite is given too. */
export const tokens = ['token', 'proof-token'];

/** Starts a correct server that answers at once. */
export async function startPlainServer(): Promise<PlainServer> {
  const child = fork(fileURLToPath(new URL('plain-server.ts', import.meta.url)), tokens, {
    execPath: process.execPath,
  });
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    ask: async (message) => {
      const answer = once(child, 'message');
      child.send(message);
      return ((await answer) as [ServedRequests])[0];
    },
    close: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
