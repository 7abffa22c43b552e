import { registerHooks, type ResolveFnOutput, type ResolveHookSync } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { init, runBaseTests, setupEnvironment } from 'vitest/worker';

// Makes the thread that loads this a worker of vitest.
const port = parentPort;
if (port === null) throw new Error('This makes a thread a worker of vitest, and is no thread.');

init({
  post: (message) => port.postMessage(message),
  on: (receive) => void port.on('message', receive),
  off: (receive) => void port.off('message', receive),
  runTests: (state, traces) => runBaseTests('run', state, traces),
  collectTests: (state, traces) => runBaseTests('collect', state, traces),
  setup: async (context) => {
    const teardown = await setupEnvironment(context);
    registerHooks({ resolve: withoutTime });
    return teardown;
  },
});

/**
 * Vitest adds the time to the address of a test file. What Node.js compiles of it, and keeps for the next run, would
 * never be found again, and pile up.
 */
function withoutTime(...[specifier, context, next]: Parameters<ResolveHookSync>): ResolveFnOutput {
  const resolved = next(specifier, context);
  return { ...resolved, url: resolved.url.replace(/\?vitest=\d+$/, '') };
}
