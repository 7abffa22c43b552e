import { subscribe } from 'node:diagnostics_channel';
import { parentPort } from 'node:worker_threads';
import { nameOf, subjects } from './subjects.ts';
import { prepareExamination, trySubject, type Trial } from './trial.ts';

/** What a worker reports of one subject. */
export interface Report {
  readonly trial: Trial;
  /** How many requests the worker has sent since its last report, those of proxies in the catalogue included. */
  readonly requests: number;
}

const examination = await prepareExamination();

// What an implementation loads when it first starts would eat up the time limits of the servers tried meanwhile.
for (const implementation of ['plain', 'mock']) {
  const subject = subjects.find(
    (candidate) => candidate.kind === 'control' && candidate.implementation === implementation,
  );
  await (await subject?.start())?.close();
}

let requests = 0;
subscribe('http.client.request.start', () => requests++);

parentPort?.on('message', async (name: string) => {
  const subject = subjects.find((candidate) => nameOf(candidate) === name);
  if (subject === undefined) throw new Error(`The catalogue has no ${name}.`);
  const trial = await trySubject(examination, subject);
  const report: Report = { trial, requests };
  requests = 0;
  parentPort?.postMessage(report);
});
