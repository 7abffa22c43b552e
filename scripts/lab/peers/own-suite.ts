import type { Subject } from '../proof/subjects.ts';
import type { Trial } from '../proof/trial.ts';
import { tryAll } from '../proof/prove.ts';
import { tallyOf, type Judged, type Tally } from './tally.ts';

const configuration = 'As `npm run conformance` runs it, with the fixture and the token named.';

/** Runs the suite of this repository against the servers, as the first row of the table. */
export async function tallyOfOwnSuite(
  servers: readonly Subject[],
  threads: number,
  onTrial: (done: number, all: number) => void,
): Promise<Tally> {
  const started = performance.now();
  const trials = await tryAll(servers, threads, (done) => onTrial(done, servers.length));
  const requests = trials.reduce((sum, trial) => sum + trial.requests, 0);
  const tally = tallyOf({ name: 'This suite', version: '', configuration }, trials.map(judgedOf), threads);
  return { ...tally, requests, wallTime: performance.now() - started };
}

/** Reads a verdict from a trial. A warning is a finding too: that is how the suite reports a SHOULD. */
export function judgedOf({ kind, id, verdict, findings, errors, duration }: Trial): Judged {
  const said = findings.length > 0 || verdict === 'not conforming' ? 'failed' : 'passed';
  return { kind, id, verdict: errors.length > 0 ? 'crashed' : said, duration, requests: 0 };
}
