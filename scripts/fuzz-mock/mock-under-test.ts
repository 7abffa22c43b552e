import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Told } from './mock-process.ts';

/** A mock in a process of its own, which may crash. */
export interface MockUnderTest {
  readonly url: string;
  /** What the process said when it ended by itself, or undefined while it runs. */
  crash(): string | undefined;
  /** How many bytes it uses when its garbage is collected. */
  memory(): Promise<number>;
  close(): Promise<void>;
}

/** How many milliseconds the mock gives a client to send a request: more than a busy machine needs for that. */
export const patience = 5000;

const script = fileURLToPath(new URL('mock-process.ts', import.meta.url));

/** Starts a mock. */
export async function startMockUnderTest(): Promise<MockUnderTest> {
  const mock = fork(script, [String(patience)], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  mock.stderr?.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(0, 4000)));
  const ended = once(mock, 'exit');
  const [told] = (await Promise.race([once(mock, 'message'), ended.then(() => [undefined])])) as [Told | undefined];
  if (told === undefined || !('url' in told)) throw new Error(`The mock did not start: ${said.split('\n')[0]}`);
  return {
    url: told.url,
    crash: () =>
      mock.exitCode === null && mock.signalCode === null ? undefined : said.trim() || `exit ${mock.exitCode}`,
    async memory() {
      mock.send('memory');
      const [answer] = (await once(mock, 'message')) as [{ heapUsed: number }];
      return answer.heapUsed;
    },
    async close() {
      mock.kill();
      await ended;
    },
  };
}
