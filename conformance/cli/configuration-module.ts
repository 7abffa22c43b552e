import { Worker } from 'node:worker_threads';
import { InputError } from '../contract/input-error.ts';

/** What became of a configuration module: the options that it names, or why there are none. */
export type LoadedModule = { readonly options: Record<string, unknown> } | { readonly problem: string };

const limit = 10_000;

/**
 * The options that a configuration module names.
 *
 * @throws InputError if it cannot be loaded, takes too long, or holds what it must not.
 */
export async function optionsOfModule(file: string): Promise<Record<string, unknown>> {
  const url = new URL('./configuration-worker.ts', import.meta.url);
  // A module of a folder without package.json is no reason for a warning.
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
