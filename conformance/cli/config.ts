/**
 * What a configuration file may hold: `conformance.config.ts` in the current folder, or what `--config` names. Each key
 * means what the flag of its name does, and the flag wins over it. Paths are relative to the file. Secrets have no
 * place in it: they come from CONFORMANCE_TOKEN and CONFORMANCE_CLIENT_SECRET.
 */
export interface ConformanceConfig {
  /** The server to check; the mock if left out. */
  readonly url?: string;
  /** A file with the token in its first line. */
  readonly tokenFile?: string;
  /** The client that tokens are fetched for. */
  readonly clientId?: string;
  /** Where they are fetched. */
  readonly tokenUrl?: string;
  /** A file of certificates that are trusted beside the usual ones. */
  readonly ca?: string;
  /** A file with the client's certificate. */
  readonly cert?: string;
  /** A file with its key, whose passphrase is in CONFORMANCE_KEY_PASSPHRASE. */
  readonly key?: string;
  /** Whether any certificate of the server is taken. */
  readonly insecure?: boolean;
  /** The call that may be transferred, and where it may go. */
  readonly fixture?: FixtureConfig;
  /** A module that places a fresh call for each case that uses one up. */
  readonly calls?: string;
  readonly profile?: readonly ('core' | 'bulk')[];
  /** Ids or groups of cases or requirements, in which `*` stands for anything. */
  readonly only?: readonly string[];
  /** The part of the cases that is run, INDEX/COUNT, from 1/COUNT to COUNT/COUNT. */
  readonly shard?: string;
  /** How many values are generated for each constraint. */
  readonly fuzz?: number;
  readonly seed?: number;
  /** Whether nothing is sent but what reads and what must be refused. */
  readonly readOnly?: boolean;
  /** The time limit of a request, in milliseconds. */
  readonly timeout?: number;
  /** The time limit for connecting, in milliseconds, as a part of it. */
  readonly connectTimeout?: number;
  /** The time limit for the first byte of a response, in milliseconds, as a part of it. */
  readonly firstByteTimeout?: number;
  /** How many requests in a row may run into a time limit before the rest is unreached. */
  readonly maxTimeouts?: number;
  /** The time limit of the whole run, in seconds. */
  readonly maxDuration?: number;
  /** The time within which a transfer must show, in milliseconds. */
  readonly effectTimeout?: number;
  /** How many requests are under way at once. */
  readonly concurrency?: number;
  /** How many requests begin in a second. */
  readonly rate?: number;
  /** Whether a broken SHOULD is a violation too. */
  readonly strict?: boolean;
  /** Whether to tell how many wrong answers the run would have caught. */
  readonly selfCheck?: boolean;
  /** The folder that the reports are written into. */
  readonly report?: string;
  /** Whether to open the report in the browser. */
  readonly open?: boolean;
  /** Whether only what is wrong is told, and the verdict. */
  readonly quiet?: boolean;
  /** A list of known failures, which are no violations. */
  readonly known?: string;
  /** Whether findings become annotations of GitHub Actions; if left out, where they are run by it. */
  readonly annotate?: boolean;
}

/** The call that may be transferred, and where it may go. */
export interface FixtureConfig {
  /** The User that owns the call. */
  readonly user?: string;
  readonly extension?: string;
  readonly call?: string;
  /** The numbers that it may go to. */
  readonly sendTo?: readonly string[];
  /** The party that transfers it. */
  readonly from?: string;
  /** The party that is transferred. */
  readonly number?: string;
  /** Calls that must not move: each an id, or EXTENSION/ID. */
  readonly otherCall?: readonly string[];
  /** An extension without calls, for profile bulk. */
  readonly idleExtension?: string;
}

/** Returns the configuration as it is: it is there for its type, which editors and compilers check. */
export function defineConfig(config: ConformanceConfig): ConformanceConfig {
  return config;
}
