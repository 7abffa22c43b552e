import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PeerTrial, TrialStore } from './trials.ts';

/** Keeps the trials in a file of a folder, a line each, so that a run that was interrupted goes on where it was. */
export function openStore(folder: string): TrialStore {
  const file = join(folder, 'trials.jsonl');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : [];
  const trials = lines.map((line) => JSON.parse(line) as PeerTrial);
  return {
    trials,
    add: (trial) => {
      trials.push(trial);
      appendFileSync(file, `${JSON.stringify(trial)}\n`);
    },
  };
}
