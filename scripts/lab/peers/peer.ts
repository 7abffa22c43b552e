/** What a tool says of a server: no tool says more than that it passed or failed; the rest is what became of the tool. */
export type PeerVerdict = 'passed' | 'failed' | 'crashed' | 'timed out';

/** A tool, or a way to use it, as it is set up for this operation. */
export interface PeerRow {
  readonly name: string;
  /** How it is configured, in a sentence or two. */
  readonly configuration: string;
}

/** A tool that is installed and ready to be run against servers. */
export interface Peer {
  /** Its name on the command line. */
  readonly id: string;
  readonly version: string;
  /** One row of the table for each verdict that a run gives. */
  readonly rows: readonly PeerRow[];
  /** Runs it against a server; gives one verdict for each row. */
  run(url: string): Promise<readonly PeerVerdict[]>;
}

/** The limits of a run, in milliseconds: a request's where the tool can be told one, and the whole run's. */
export const limits = { request: 4000, run: 90_000 } as const;
