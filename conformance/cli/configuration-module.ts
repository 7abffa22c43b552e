import { Worker } from 'node:worker_threads';
import { InputError } from '../contract/input-error.ts';
import type { NamedOptions } from './options.ts';

/** The options that a configuration module names, or the reason why there are none. */
export type LoadedModule = { readonly options: NamedOptions } | { readonly problem: string };

const limit = 10_000;

/**
 * Loads a configuration module in a thread of its own, which can be ended whatever the module does.
 *
 * @returns The options that it names.
 *
 * @throws InputError with one line, if it cannot be loaded, takes too long or is not valid.
 */
export async function loadConfigurationModule(file: string): Promise<NamedOptions> {
  const url = new URL('./configuration-worker.ts', import.meta.url);
  // A module in a folder without package.json gives no reason for a warning.
  const execArgv = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
  const worker = new Worker(url, { workerData: file, execArgv });
  try {
    const loaded = await messageOf(worker, file);
    if ('problem' in loaded) throw new InputError(loaded.problem);
    return loaded.options;
  } finally {
    await worker.terminate();
  }
}

async function messageOf(worker: Worker, file: string): Promise<LoadedModule> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve) => {
      const fail = (why: string) => resolve({ problem: `${file} cannot be loaded: ${why}` });
      worker.once('message', () => {
        // The worker is there, and loads the module now.
        timer = setTimeout(() => fail(`it is not done after ${limit / 1000} seconds.`), limit);
        worker.once('message', resolve);
      });
      worker.once('error', (error) => fail(String((error as Error).message).split('\n')[0] ?? ''));
      worker.once('exit', () => fail('it ended, or waits for what never comes, before it exported anything.'));
    });
  } finally {
    clearTimeout(timer);
  }
}
