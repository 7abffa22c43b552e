import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** What is to be sent, and for how long. */
export interface Load {
  /** A file in the folder where autocannon is installed. */
  readonly installed: string;
  readonly url: string;
  readonly connections: number;
  /** In seconds. */
  readonly duration: number;
  /** What is sent, with # in place of a number. */
  readonly body: string;
  /** How many numbers there are: each connection sends its share of them, one after the other and again. */
  readonly numbers: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came of it. */
export interface LoadResult {
  readonly rate: number;
  /** The time within which 99 of 100 requests were answered, in milliseconds. */
  readonly p99: number;
  /** The statuses of the answers, with how many there were of each. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests without an answer. */
  readonly errors: number;
}

interface AutocannonResult {
  readonly requests: { readonly average: number };
  readonly latency: { readonly p99: number };
  readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
  readonly errors: number;
}

type Autocannon = (options: object) => Promise<AutocannonResult>;

/** One connection of autocannon. */
interface Client {
  setRequests(requests: readonly object[]): void;
}

// A process of its own: puts load on a server.
const { installed, body, numbers, ...load } = JSON.parse(process.argv[2] ?? '') as Load;
const autocannon = createRequire(pathToFileURL(installed))('autocannon') as Autocannon;
let prepared = 0;
const share = Math.ceil(numbers / load.connections);
const requestOf = (number: number) => ({
  method: 'PUT',
  path: new URL(load.url).pathname,
  headers: load.headers,
  body: body.replace('#', String(10_000 + (number % numbers))),
});
const setupClient = (client: Client): void => {
  const from = prepared++ * share;
  client.setRequests(Array.from({ length: share }, (_, index) => requestOf(from + index)));
};
const { requests, latency, statusCodeStats, errors } = await autocannon({ ...load, method: 'PUT', setupClient });
const counts = Object.entries(statusCodeStats).map(([status, { count }]) => [status, count]);
const result: LoadResult = { rate: requests.average, p99: latency.p99, statuses: Object.fromEntries(counts), errors };
process.stdout.write(JSON.stringify(result));
