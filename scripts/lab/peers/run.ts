import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { nameSubject, type Subject } from '../proof/subjects.ts';
import { countRequests } from './count-requests.ts';
import { dreddPeer } from './dredd.ts';
import { install, tools, type Installed, type Tool } from './install.ts';
import { tallyOfOwnSuite } from './own-suite.ts';
import { comparisonPage, comparisonTable, type Comparison } from './page.ts';
import type { Peer } from './peer.ts';
import { prismPeer } from './prism.ts';
import { respectPeer } from './respect.ts';
import { comparedServers, type SelectionOptions } from './selection.ts';
import { stepCiPeer } from './step-ci.ts';
import { openStore } from './store.ts';
import { tallyOf, type Tally } from './tally.ts';
import { assertPassesDocumentedServer, tryPeers, type PeerTrial } from './trials.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** At most as many processes at once as a small machine has cores. */
const atOnce = 2;

const makers: Readonly<Record<Tool, (installed: Installed) => Peer | Promise<Peer>>> = {
  dredd: dreddPeer,
  stepci: stepCiPeer,
  prism: prismPeer,
  respect: respectPeer,
};

/** The command line of a comparison. */
export interface PeerOptions extends SelectionOptions {
  /** The tools to compare with; all if absent. */
  readonly tools?: readonly Tool[];
  /** The folder in which the tools and the trials are kept, so that a later run goes on from there. */
  readonly keep?: string;
  /** Whether scripts/lab/peers/PEERS.md and scripts/lab/peers/PEERS.json are written. */
  readonly write?: boolean;
}

/** What a comparison showed. */
export interface PeerReport extends Comparison {
  /** The table as it is printed. */
  readonly table: string;
}

/**
 * Runs the suite and its peers against the servers of the catalogue, and writes and returns the table.
 *
 * @throws Error with one line, if a tool cannot be installed or does not pass the server that is as documented.
 */
export async function runPeers(options: PeerOptions, output: { write(text: string): unknown }): Promise<PeerReport> {
  const folder = options.keep === undefined ? mkdtempSync(join(tmpdir(), 'peers-')) : resolve(options.keep);
  mkdirSync(folder, { recursive: true });
  try {
    const servers = comparedServers(options);
    const peers = await preparePeers(options.tools ?? tools, folder);
    const own = await tallyOfOwnSuite(servers, atOnce, progressOf('This suite', output));
    const others = await tallyOfPeers(peers, servers, folder, output);
    const comparison = { available: availableServers(), tallies: [own, ...others] };
    const table = comparisonTable(comparison.tallies);
    output.write(`\n${table}\n`);
    if (options.write === true) await writeComparison(comparison);
    return { ...comparison, table };
  } finally {
    if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function preparePeers(chosen: readonly Tool[], folder: string): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const tool of chosen) {
    const peer = await makers[tool](await install(tool, folder));
    await assertPassesDocumentedServer(peer);
    peers.push(peer);
  }
  return peers;
}

async function tallyOfPeers(
  peers: readonly Peer[],
  servers: readonly Subject[],
  folder: string,
  output: { write(text: string): unknown },
): Promise<Tally[]> {
  const store = openStore(folder);
  countRequests();
  await tryPeers(peers, servers, store, atOnce, progressOf('Peers', output));
  const names = new Set(servers.map(nameSubject));
  const trials = store.trials.filter((trial) => names.has(nameSubject(trial)));
  return peers.flatMap((peer) =>
    talliesOf(
      peer,
      trials.filter((trial) => trial.peer === peer.id),
    ),
  );
}

function talliesOf({ version, rows }: Peer, trials: readonly PeerTrial[]): Tally[] {
  return rows.map((row, index) =>
    tallyOf(
      { ...row, version },
      trials.map(({ verdicts, ...trial }) => ({ ...trial, verdict: verdicts[index] ?? 'crashed' })),
      atOnce,
    ),
  );
}

function availableServers(): Comparison['available'] {
  const all = comparedServers({});
  const faults = all.filter(({ kind }) => kind === 'fault').length;
  return { faults, controls: all.length - faults };
}

function progressOf(name: string, output: { write(text: string): unknown }): (done: number, all: number) => void {
  return (done, all) => {
    if (done === all || done % 50 === 0) output.write(`${name}: ${done} of ${all}\n`);
  };
}

async function writeComparison(comparison: Comparison): Promise<void> {
  await writeFormatted('scripts/lab/peers/PEERS.md', comparisonPage(comparison));
  await writeFormatted('scripts/lab/peers/PEERS.json', JSON.stringify(comparison));
}

async function writeFormatted(path: string, text: string): Promise<void> {
  const filepath = join(root, path);
  writeFileSync(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }));
}
