import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { InputError } from '../contract/input-error.ts';
import { type LoadedModule, parseConfiguration } from './configuration.ts';

const file = workerData as string;
parentPort?.postMessage('started');
// Not awaited here: Node.js would print a warning for a module that waits for ever.
void loaded().then((module) => parentPort?.postMessage(module));

async function loaded(): Promise<LoadedModule> {
  try {
    const { href } = pathToFileURL(resolve(file));
    const exported = (await import(href)) as { default?: unknown };
    if (exported.default !== undefined) return { options: parseConfiguration(exported.default, file) };
    return { problem: `${file} has no default export: expected export default defineConfig({ … }).` };
  } catch (error) {
    if (error instanceof InputError) return { problem: error.message };
    return { problem: `${file} cannot be loaded: ${describeError(error)}` };
  }
}

/** Returns the first line of an error's message, and the line of the file that it comes from, if that is known. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const line = Number.parseInt(error.stack?.split(`${resolve(file)}:`)[1] ?? '', 10);
  return `${error.message.split('\n')[0]}${Number.isNaN(line) ? '' : ` (line ${line})`}`;
}
