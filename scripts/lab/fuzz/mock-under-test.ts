import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Told } from './mock-process.ts';

/** A mock in a process of its own, which may crash. */
export interface MockUnderTest {
  readonly url: string;
  /** What is wrong with the process, or undefined while it runs and reacts. */
  trouble(): Promise<string | undefined>;
  /** How many bytes it uses when its garbage is collected, or undefined when it does not tell any more. */
  memory(): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Within so many milliseconds a process tells how it is, on a busy machine too. */
const reaction = 20_000;

/** How many milliseconds the mock gives a client to send a request: more than a busy machine needs for that. */
export const patience = 5000;

const mockScript = fileURLToPath(new URL('mock-process.ts', import.meta.url));

/**
 * Starts a mock.
 *
 * @param script - What the process runs: it tells its URL, and its memory whenever it is asked.
 */
export async function startMockUnderTest(script: string = mockScript): Promise<MockUnderTest> {
  const mock = fork(script, [String(patience)], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  mock.stderr?.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(0, 4000)));
  let isRunning = true;
  // It closes when all that it said was read.
  const ended = once(mock, 'close').then(() => (isRunning = false));
  const [told] = (await Promise.race([once(mock, 'message'), ended.then(() => [undefined])])) as [Told | undefined];
  if (told === undefined || !('url' in told)) throw new Error(`The mock did not start: ${said.split('\n')[0]}`);
  const memory = async (): Promise<number | undefined> => {
    if (!isRunning) return undefined;
    const signal = AbortSignal.timeout(reaction);
    // A process that just crashed is no longer there to be asked.
    mock.send('memory', () => {});
    const answered = once(mock, 'message', { signal }).then(([answer]) => (answer as { heapUsed: number }).heapUsed);
    return Promise.race([answered.catch(() => undefined), ended.then(() => undefined)]);
  };
  return {
    url: told.url,
    memory,
    async trouble() {
      if ((await memory()) !== undefined) return undefined;
      return isRunning ? 'the mock no longer reacts' : `the mock crashed: ${said.trim() || `exit ${mock.exitCode}`}`;
    },
    async close() {
      mock.kill('SIGKILL');
      await ended;
    },
  };
}
