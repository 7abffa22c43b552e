import { startPlainServer } from '../servers/plain/start.ts';
import type { RunningServer } from '../../../conformance/mock/listener.ts';
import { nameSubject, type Subject } from '../proof/subjects.ts';
import { takeRequests } from './count-requests.ts';
import type { Peer, PeerVerdict } from './peer.ts';

/** What a tool said of one server. */
export interface PeerTrial {
  readonly peer: string;
  readonly kind: Subject['kind'];
  readonly id: string;
  /** One verdict for each row of the tool. */
  readonly verdicts: readonly PeerVerdict[];
  /** In milliseconds. */
  readonly duration: number;
  /** The requests that reached the server. */
  readonly requests: number;
}

/** Trials that were made before, to which each new one is added. */
export interface TrialStore {
  readonly trials: readonly PeerTrial[];
  add(trial: PeerTrial): void;
}

/** What a trial is called among all trials. */
export function trialName(peer: string, subject: Pick<Subject, 'kind' | 'id'>): string {
  return `${peer} ${nameSubject(subject)}`;
}

/**
 * Runs every tool against every server of which the store has no trial yet, some at once.
 *
 * @param onTrial - Is told how many are done and how many there are.
 */
export async function tryPeers(
  peers: readonly Peer[],
  servers: readonly Subject[],
  store: TrialStore,
  atOnce: number,
  onTrial: (done: number, all: number) => void,
): Promise<void> {
  const known = new Set(store.trials.map((trial) => trialName(trial.peer, trial)));
  const all = servers.flatMap((subject) => peers.map((peer) => ({ subject, peer })));
  const missing = all.filter(({ subject, peer }) => !known.has(trialName(peer.id, subject)));
  let done = all.length - missing.length;
  const upcoming = missing.values();
  const work = async (): Promise<void> => {
    for (const { peer, subject } of upcoming) {
      store.add(await tryPeer(peer, subject));
      onTrial(++done, all.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function tryPeer(peer: Peer, subject: Subject): Promise<PeerTrial> {
  const server = await subject.start();
  const started = performance.now();
  try {
    const verdicts = await peer.run(server.url);
    const duration = Math.round(performance.now() - started);
    const { kind, id } = subject;
    return { peer: peer.id, kind, id, verdicts, duration, requests: takeRequests(server.url) };
  } finally {
    await closed(server);
  }
}

/**
 * Makes sure that a tool has nothing to say of the server that is exactly as documented.
 *
 * @throws Error if it has, since what it says of other servers would then prove nothing.
 */
export async function assertPassesDocumentedServer(peer: Peer): Promise<void> {
  const server = await startPlainServer();
  try {
    const verdicts = await peer.run(server.url);
    if (verdicts.every((verdict) => verdict === 'passed')) return;
    throw new Error(
      `${peer.rows[0]?.name} ${peer.version} on the documented server: expected passed, got ${verdicts.join(', ')}. ` +
        `Correct its configuration in scripts/lab/peers/${peer.id}.ts.`,
    );
  } finally {
    takeRequests(server.url);
    await closed(server);
  }
}

/** Some faulty servers hold on to what they send; none is waited for longer than a moment. */
function closed(server: RunningServer): Promise<unknown> {
  return Promise.race([server.close(), new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
}
