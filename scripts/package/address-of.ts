import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Waits until a server prints the address that it listens on.
 *
 * @throws Error with what it said on standard error, if it prints none.
 */
export async function addressOf({ stdout, stderr }: ChildProcess): Promise<string> {
  const said: string[] = [];
  stderr?.on('data', (chunk: Buffer) => said.push(String(chunk)));
  if (stdout === null) throw new Error('the server cannot be listened to');
  const [line] = (await once(stdout, 'data', { signal: AbortSignal.timeout(30_000) }).catch(() => [''])) as unknown[];
  const address = /http:\/\/[^\s/]+:\d+/.exec(String(line))?.[0];
  if (address === undefined) throw new Error(`the server does not start: ${said.join('')}`);
  return address;
}
