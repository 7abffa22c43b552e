import type { Subject } from '../proof/subjects.ts';
import type { Trial } from '../proof/trial.ts';
import { tryAll } from '../proof/workers.ts';
import { tallyOf, type Judged, type Tally } from './tally.ts';

const configuration = 'As `npm run conformance` runs it, with the fixture and the token named.';

/** Runs the suite of this repository against the servers, as the first row of the table. */
export async function tallyOfOwnSuite(
  servers: readonly Subject[],
  threads: number,
  onTrial: (done: number, all: number) => void,
): Promise<Tally> {
  const { trials, requests } = await tryAll(servers, threads, (done) => onTrial(done, servers.length));
  const tally = tallyOf({ name: 'This suite', version: '', configuration }, trials.map(judgedOf));
  return { ...tally, requests };
}

function judgedOf({ kind, id, verdict, findings, duration }: Trial): Judged {
  const passed = kind === 'fault' ? findings.length === 0 : verdict === 'conforming';
  return { kind, id, verdict: passed ? 'passed' : 'failed', duration, requests: 0 };
}
