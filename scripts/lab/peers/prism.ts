import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { contractFile } from './documents.ts';
import { freePort } from './free-port.ts';
import type { Installed } from './install.ts';
import { limits, type Peer, type PeerVerdict } from './peer.ts';
import { sendScript, type ScriptResult } from './prism-script.ts';
import { startCommand } from './run-process.ts';

const proxyAlone =
  'The script is sent through `prism proxy`; found is what the proxy reports of the answers in `sl-violations`, or ' +
  'an error of its own where the server’s answer cannot be forwarded. The request that is no JSON is left out: ' +
  'Prism never answers it; and where a server answers 501, Prism answers with an example in its place.';
const withComparison =
  'The same run, with the script comparing each answer with the documented statuses, codes and id, and reading ' +
  'the call back.';

/** Prism's validation proxy, fed with the script: what it reports alone, and what the script finds with it. */
export function prismPeer({ folder, version, command }: Installed): Peer {
  return {
    id: 'prism',
    version,
    rows: [
      { name: 'Prism proxy', configuration: proxyAlone },
      { name: 'Prism proxy, answers compared', configuration: withComparison },
    ],
    run: async (url) => {
      const port = await freePort();
      const parameters = ['proxy', fileURLToPath(contractFile), url, '--port', String(port)];
      const proxy = startCommand(command, parameters, folder);
      try {
        await listening(proxy);
        return verdictsOf(await sendScript(`http://127.0.0.1:${port}`, limits), proxy.exitCode !== null);
      } catch {
        return ['crashed', 'crashed'];
      } finally {
        proxy.kill('SIGKILL');
      }
    },
  };
}

/** The verdicts of the proxy alone, and of the script with it. */
export function verdictsOf({ violations, differences, unanswered }: ScriptResult, ended: boolean): PeerVerdict[] {
  const silent: PeerVerdict = ended ? 'crashed' : unanswered > 0 ? 'timed out' : 'passed';
  const found = violations.length > 0 || differences.length > 0 || unanswered > 0;
  return [violations.length > 0 ? 'failed' : silent, found ? 'failed' : silent];
}

/** Waits until the proxy says that it listens. */
function listening(proxy: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Prism does not listen: expected it within 60 s.')), 60_000);
    proxy.stdout?.on('data', (chunk: Buffer) => {
      if (!chunk.includes('is listening')) return;
      clearTimeout(timer);
      resolve();
    });
    proxy.stderr?.resume();
    proxy.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`Prism ended with ${code} before it listened.`));
    });
  });
}
